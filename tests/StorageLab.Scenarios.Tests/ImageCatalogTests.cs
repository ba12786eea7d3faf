using System.Diagnostics;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class ImageCatalogTests
{
    private static ImageCatalog Open() => ImageCatalog.Open(ScenarioLibrary.Shipped.CatalogFolder, new NameTable());

    [Fact]
    public void The_catalog_holds_28_images_of_2_66_GB_of_distinct_layers()
    {
        ImageCatalog catalog = Open();

        ImageDefinition[] images = [.. catalog.Images.Select(catalog.Load)];

        ImageLayer[] layers = [.. images.SelectMany(image => image.Layers).DistinctBy(layer => layer.DiffId)];
        Assert.Equal(28, images.Length);
        Assert.Equal(33, layers.Length);
        Assert.Equal(2_661_495_150, layers.Sum(layer => layer.Content.FileBytes));
        Assert.Equal(catalog.Layers.Values.Sum(layer => layer.CompressedBytes), layers.Sum(layer => layer.CompressedBytes));
    }

    [Fact]
    public void The_whole_catalog_loads_in_well_under_a_second()
    {
        Stopwatch watch = Stopwatch.StartNew();
        ImageCatalog catalog = Open();
        foreach (CatalogImage image in catalog.Images)
            catalog.Load(image);

        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.ElapsedMilliseconds} ms");
    }
}
