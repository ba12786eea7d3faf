using ScottPlot;

namespace StorageLab.Reports.Plots;

/// <summary>How a bar and its key look.</summary>
internal readonly record struct BarStyle(Color Fill, bool IsStriped = false, Color? Outline = null);
