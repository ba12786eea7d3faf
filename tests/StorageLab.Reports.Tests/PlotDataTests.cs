using CsCheck;
using StorageLab.Reports.Plots;
using Xunit;

namespace StorageLab.Reports.Tests;

public sealed class PlotDataTests
{
    [Fact]
    public void A_thinned_curve_keeps_its_ends_and_its_extremes() =>
        Gen.Double[0, 1e12].Array[1, 5000].Sample(values =>
        {
            ThinnedSeries series = new(values.Length - 1);
            for (var i = 0; i < values.Length; i++)
                series.Add(i, values[i]);
            List<ThinnedSeries.Point> points = series.ToPoints();
            Assert.Equal(values.Min(), points.Min(p => p.Value));
            Assert.Equal(values.Max(), points.Max(p => p.Value));
            Assert.Equal(new ThinnedSeries.Point(values.Length - 1, values[^1]), points[^1]);
            Assert.True(points.Count <= 2700);
            Assert.All(points, p => Assert.Equal(values[p.Step], p.Value));
            Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.First.Step < pair.Second.Step));
        });

    [Fact]
    public void Labels_of_curves_never_overlap_and_stay_on_the_page() =>
        Gen.Double[-50, 500].Array[1, 12].Sample(wanted =>
        {
            float[] heights = [.. wanted.Select((_, i) => i % 2 == 0 ? 18f : 36f)];
            double[] places = CurveLabels.Spread(wanted, heights, 450);
            int[] order = [.. Enumerable.Range(0, places.Length).OrderBy(i => places[i])];
            Assert.All(order.Zip(order.Skip(1)), pair =>
                Assert.True(places[pair.Second] - places[pair.First] >= (heights[pair.First] + heights[pair.Second]) / 2 - 1e-6));
            Assert.All(order, i => Assert.InRange(places[i], heights[i] / 2 - 1e-6, 450 - heights[i] / 2 + 1e-6));
        });

    [Theory]
    [InlineData(60, true, 10)]
    [InlineData(3, true, 1)]
    [InlineData(100_000, true, 20_000)]
    [InlineData(2.3, false, 0.5)]
    [InlineData(0, false, 0.2)]
    public void Ticks_are_round_numbers(double span, bool isWhole, double step) => Assert.Equal(step, RoundNumbers.Step(span, isWhole), 1e-9);

    [Fact]
    public void Long_titles_are_broken_at_blanks()
    {
        string wrapped = PlotFonts.Wrap("one two three four five six seven eight nine ten", 20, 200);
        Assert.All(wrapped.Split('\n'), line => Assert.True(PlotFonts.MeasureWidth(line, 20) <= 200));
        Assert.Equal("one two three four five six seven eight nine ten", wrapped.Replace('\n', ' '));
    }

    [Fact]
    public void Variants_of_one_driver_differ_in_colour_and_in_dash()
    {
        VariantStyle[] styles = VariantStyle.For(["loop-lvm", "loop-lvm", "direct-lvm", "overlay2"]);
        Assert.Equal(4, styles.Select(s => s.Color).Distinct().Count());
        Assert.NotEqual(styles[0].DashesPixels, styles[1].DashesPixels);
        Assert.Equal(3, styles.Select(s => s.Marker).Distinct().Count());
    }
}
