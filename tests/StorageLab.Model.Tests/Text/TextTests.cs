using CsCheck;
using StorageLab.Model.Text;
using Xunit;

namespace StorageLab.Model.Tests.Text;

public sealed class TextTests
{
    [Theory]
    [InlineData("10G", 10_737_418_240)]
    [InlineData("10GB", 10_737_418_240)]
    [InlineData("10GiB", 10_737_418_240)]
    [InlineData("10 g", 10_737_418_240)]
    [InlineData("1.5k", 1_536)]
    [InlineData("65536", 65_536)]
    [InlineData("65536b", 65_536)]
    public void Sizes_are_read_as_Docker_reads_them(string text, long bytes)
    {
        Assert.True(DockerSize.TryParse(text, out long read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("G")]
    [InlineData("1.G")]
    [InlineData(".5G")]
    [InlineData("1X")]
    [InlineData("1e3")]
    [InlineData("9999999P")]
    public void What_is_no_size_is_refused(string text) => Assert.False(DockerSize.TryParse(text, out _));

    [Theory]
    [InlineData("pul", "pull")]
    [InlineData("rmi ", "rmi")]
    [InlineData("obsevre", "observe")]
    [InlineData("zzz", null)]
    public void The_nearest_word_is_one_that_was_likely_meant(string word, string? nearest) =>
        Assert.Equal(nearest, NearestWord.Find(word, ["pull", "rm", "rmi", "observe"]));

    [Fact]
    public void The_distance_of_two_words_is_a_metric_for_small_edits() =>
        Gen.Select(Gen.String[Gen.Char["abc"], 0, 8], Gen.String[Gen.Char["abc"], 0, 8]).Sample((left, right) =>
        {
            int distance = NearestWord.Distance(left, right);
            Assert.Equal(distance, NearestWord.Distance(right, left));
            Assert.Equal(left == right, distance == 0);
            Assert.InRange(distance, Math.Abs(left.Length - right.Length), Math.Max(left.Length, right.Length));
        });
}
