using Microsoft.Playwright;
using Xunit;

namespace StorageLab.Browser.Tests;

/// <summary>The machine's Chromium, started once for all tests; without one they are skipped.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Why = "no Chromium on this machine; on Debian: apt-get install chromium";

    private static readonly string? Chromium = ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            // Containers and root have no sandbox; the rest keeps it from asking the network for anything.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>Opens a page of a file and collects what it writes to the console as an error.</summary>
    public async Task<(IPage Page, List<string> Errors)> OpenAsync(string path, string locale = "en-US", int widthPixels = 1280)
    {
        Assert.SkipWhen(_browser is null, Why);
        IPage page = await _browser.NewPageAsync(new BrowserNewPageOptions { Locale = locale, ViewportSize = new ViewportSize { Width = widthPixels, Height = 900 } });
        List<string> errors = [];
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                errors.Add(message.Text);
        };
        page.PageError += (_, error) => errors.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file://", StringComparison.Ordinal))
                errors.Add("asked for " + request.Url);
        };
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return (page, errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
