/** What a figure shows, as plain data.  `figureSvg` of "spinstream/io" draws it. */
export type Figure = LineFigure | MapFigure | PanelFigure | TextureFigure;

/** Lines and points. */
export interface LineFigure {
  /** What is seen. */
  readonly title: string;
  readonly subtitle?: string;
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  readonly series: readonly FigureSeries[];
  /** Shaded stretches of an axis: of x by default, such as the time a drive is on, or of y, such as a published band. */
  readonly bands?: readonly FigureBand[];
  /** Straight lines at one x or one y, such as a threshold. */
  readonly rules?: readonly { readonly x?: number; readonly y?: number; readonly label?: string }[];
}

export interface FigureAxis {
  readonly label: string;
  /** SI unit of the numbers handed in, "1" for none; the axis is drawn in a readable multiple of it. */
  readonly unit: string;
  /** Default "linear". */
  readonly scale?: "linear" | "log";
  /** In the SI unit; default: what the numbers need. */
  readonly domain?: readonly [number, number];
}

export interface FigureSeries {
  /** Its name at the right of the figure; "" leaves it out. */
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Standard uncertainty of every y, drawn as an error bar; only with points. */
  readonly uncertainty?: ArrayLike<number>;
  /** Points in place of a line. */
  readonly points?: boolean;
  readonly dashed?: boolean;
  /** Label of the series whose colour this one shares, as a fitted curve does with its points. */
  readonly like?: string;
}

export interface FigureBand {
  readonly from: number;
  readonly to: number;
  /** Default "x". */
  readonly axis?: "x" | "y";
  readonly label?: string;
}

/** Several figures side by side under one title, lettered a, b, c … */
export interface PanelFigure {
  readonly title: string;
  readonly subtitle?: string;
  /** Panels in a row; default 2. */
  readonly columns?: number;
  readonly panels: readonly LineFigure[];
}

/** A number, or one of several states, at every point of a grid, as a colour. */
export interface MapFigure {
  readonly title: string;
  readonly subtitle?: string;
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  /** Centres of the cells, rising or falling; cells meet halfway between them on the scale of the axis. */
  readonly columns: ArrayLike<number>;
  readonly rows: ArrayLike<number>;
  /** One for every cell, along x first; NaN leaves a cell grey. */
  readonly values: ArrayLike<number>;
  readonly value: MapValue;
  /** Lines and points over the colours. */
  readonly series?: readonly FigureSeries[];
}

/** What the colours of a map mean. */
export interface MapValue extends Pick<FigureAxis, "label" | "unit" | "domain"> {
  /** Names of the values 0, 1, 2 …, at most seven: each gets a colour of its own, as the phases of a diagram do. */
  readonly categories?: readonly string[];
}

/** Magnetization over a plane of cells at several moments, in the usual colours: hue for its angle in the plane, lightness for m_z. */
export interface TextureFigure {
  readonly title: string;
  readonly subtitle?: string;
  /** Cells along x, y and, if there is more than one plane, z. */
  readonly cells: readonly [number, number, number?];
  /** Edges of a cell [m]. */
  readonly cell: readonly [number, number, number?];
  /** Plane of cells, from 0 at the bottom; default the middle one. */
  readonly plane?: number;
  readonly frames: readonly TextureFrame[];
  /** Frames in a row; default four, two of long strips. */
  readonly columns?: number;
}

export interface TextureFrame {
  /** Below the frame, such as a time. */
  readonly label: string;
  /** Planes of m_x, m_y, m_z one after the other, in each x fastest; zero where there is no magnet. */
  readonly m: ArrayLike<number>;
}
