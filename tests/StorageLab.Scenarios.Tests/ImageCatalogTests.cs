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
    public void Loading_the_whole_catalog_makes_no_string_per_field()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageCatalog catalog = Open();
        foreach (CatalogImage image in catalog.Images)
            catalog.Load(image);

        // 113,700 entries of 20 bytes, their index by path, 40,000 names; the eight fields of every row would be 50 MB more.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 48_000_000);
    }

    [Fact]
    public void Only_the_listings_that_are_needed_are_read()
    {
        ImageCatalog catalog = Open();

        ImageDefinition nginx = catalog.Load(catalog.Find("nginx:1.22")!);

        Assert.Equal(["debian-12-slim", "nginx-install", "nginx-conf"], catalog.Find("nginx-1.22")!.LayerNames);
        Assert.Equal(3, nginx.Layers.Length);
        Assert.Equal("sha256:d8bc45ec2533e70c6c775096da1b7bc638b9cf6e168f9445bc7bf1e586ce631f", nginx.Layers[0].DiffId);
        Assert.Equal(28_478_370, nginx.Layers[0].CompressedBytes);
        Assert.Same(nginx, catalog.Load(catalog.Find("nginx-1.22")!));
    }

    [Fact]
    public void Image_IDs_are_the_digest_of_a_fixed_configuration()
    {
        ImageCatalog catalog = Open();
        ImageDefinition busybox = catalog.Load(catalog.Find("busybox:1.35")!);

        const string configuration = """
            {"architecture":"amd64","config":{"Cmd":["/bin/sh"],"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "Labels":{"storagelab.image":"busybox-1.35"}},"created":"2026-11-01T00:00:00Z","history":[{"created":"2026-11-01T00:00:00Z",
            "created_by":"/bin/sh -c #(nop) ADD busybox in / "},{"created":"2026-11-01T00:00:00Z",
            "created_by":"/bin/sh -c #(nop)  CMD [\u0022/bin/sh\u0022]","empty_layer":true}],"os":"linux",
            "rootfs":{"diff_ids":["sha256:c9771d4f3f0374005af77ef4f73cb7978ce3f80fc7cf2d0760a04425256d0cfc"],"type":"layers"}}
            """;
        Assert.Equal(TarText.Sha256(System.Text.Encoding.UTF8.GetBytes(configuration.ReplaceLineEndings(""))), busybox.ImageId);
        Assert.Equal(28, catalog.Images.Select(image => catalog.Load(image).ImageId).Distinct().Count());
    }
}
