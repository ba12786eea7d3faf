using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace StorageLab.Browser.Tests;

public sealed partial class ReportPageTests(Browser browser, ReportedRun run) : IClassFixture<Browser>, IClassFixture<ReportedRun>
{
    [Theory]
    [InlineData("en-US", "What lies where, step by step", "ends at")]
    [InlineData("zh-CN", "逐步查看：每个块里是什么", "结束时占用磁盘")]
    public async Task The_page_loads_without_an_error_in_the_readers_language(string locale, string heading, string finding)
    {
        (IPage page, List<string> errors) = await browser.OpenAsync(run.Page, locale);
        Assert.Equal(heading, await page.InnerTextAsync("#player-heading"));
        Assert.Contains(finding, await page.InnerTextAsync("#finding"), StringComparison.Ordinal);
        Assert.Equal(locale[..2], (await page.GetAttributeAsync("html", "lang"))![..2]);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_language_can_be_changed_and_nothing_is_left_of_the_other()
    {
        (IPage page, _) = await browser.OpenAsync(run.Page);
        await page.SelectOptionAsync("#language", "zh");
        Assert.Equal("播放", await page.InnerTextAsync("#play"));
        Assert.Contains("峰值占用", await page.InnerTextAsync("#summary"), StringComparison.Ordinal);
        Assert.DoesNotContain("peak allocated", await page.InnerTextAsync("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_player_plays_to_the_end_and_shows_the_command_of_each_step()
    {
        (IPage page, List<string> errors) = await browser.OpenAsync(run.Page);
        await page.Locator("#position").FillAsync("0");
        Assert.Contains("systemctl start docker", await page.InnerTextAsync("#status"), StringComparison.Ordinal);
        await page.SelectOptionAsync("#speed", "30");
        await page.ClickAsync("#play");
        await page.WaitForFunctionAsync("() => document.getElementById('position').valueAsNumber === 6");
        Assert.Contains("docker rmi nginx:1.22", await page.InnerTextAsync("#status"), StringComparison.Ordinal);
        Assert.Equal("Play", await page.InnerTextAsync("#play"));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_deleted_images_blocks_stay_in_the_sparse_file_and_nowhere_else()
    {
        (IPage page, _) = await browser.OpenAsync(run.Page);
        await page.Locator("#position").FillAsync("1");
        Assert.DoesNotContain("dead", await page.Locator(".map").First.InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("#position").FillAsync("6");
        Assert.Contains("dead", await page.Locator(".map .amounts").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("dead", await page.Locator(".map .amounts").Last.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Matches(Picture(), await page.EvaluateAsync<string>("() => document.querySelector('.map canvas').toDataURL()"));
    }

    [Fact]
    public async Task A_step_back_shows_what_the_step_showed_before()
    {
        (IPage page, _) = await browser.OpenAsync(run.Page);
        await page.Locator("#position").FillAsync("3");
        string before = await page.EvaluateAsync<string>("() => document.querySelector('.map canvas').toDataURL()");
        await page.ClickAsync("#next");
        Assert.NotEqual(before, await page.EvaluateAsync<string>("() => document.querySelector('.map canvas').toDataURL()"));
        await page.ClickAsync("#back");
        Assert.Equal(before, await page.EvaluateAsync<string>("() => document.querySelector('.map canvas').toDataURL()"));
    }

    [Fact]
    public async Task A_curve_answers_to_the_mouse()
    {
        (IPage page, _) = await browser.OpenAsync(run.Page);
        ILocator legend = page.Locator(".chart .u-legend").First;
        await page.Locator(".chart .u-over").First.HoverAsync(new LocatorHoverOptions { Position = new Position { X = 4, Y = 40 } });
        string left = await legend.InnerTextAsync();
        await page.Locator(".chart .u-over").First.HoverAsync(new LocatorHoverOptions { Position = new Position { X = 700, Y = 40 } });
        Assert.NotEqual(left, await legend.InnerTextAsync());
    }

    [Fact]
    public async Task A_driver_can_be_switched_off_in_all_curves_and_maps()
    {
        (IPage page, _) = await browser.OpenAsync(run.Page);
        Assert.Equal(2, await page.Locator(".map:visible").CountAsync());
        await page.Locator("#toggles input").Last.UncheckAsync();
        Assert.Equal(1, await page.Locator(".map:visible").CountAsync());
        Assert.Contains("u-off", await page.Locator(".chart .u-series").Nth(3).GetAttributeAsync("class"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_names_are_shown_as_they_are_and_do_nothing()
    {
        (IPage page, List<string> errors) = await browser.OpenAsync(run.Page);
        Assert.Contains(ReportedRun.Hostile, await page.InnerTextAsync("#summary"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.Equal("StorageLab: small", await page.TitleAsync());
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_phone_shows_the_page_without_scrolling_sideways()
    {
        (IPage page, _) = await browser.OpenAsync(run.Page, widthPixels: 390);
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
    }

    [Fact]
    public async Task The_keyboard_reaches_every_control_and_each_has_a_name()
    {
        (IPage page, _) = await browser.OpenAsync(run.Page);
        string[] nameless = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('button, select, input')].filter(e => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map(e => e.outerHTML)");
        Assert.Empty(nameless);
        await page.FocusAsync("#position");
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.Contains("docker pull nginx:1.22", await page.InnerTextAsync("#status"), StringComparison.Ordinal);
    }

    [GeneratedRegex("^data:image/png;base64,.{100,}")]
    private static partial Regex Picture();
}
