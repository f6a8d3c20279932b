using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Imap;

public sealed class HiddenCapabilityTests
{
    [Fact]
    public async Task What_is_hidden_from_an_account_is_neither_told_nor_taken()
    {
        await using var scene = new ImapScene();
        await scene.Mda.AddAccountAsync("ann@example.org");
        Assert.Equal(["COMPRESS=DEFLATE", "UTF8=ACCEPT"], await ChangeAsync(scene, hide: ["Compress=Deflate", "utf8=accept"]));

        var client = await scene.ConnectAsync();
        var answer = await client.AnswerOkAsync("LOGIN ann@example.org x");
        Assert.DoesNotContain("COMPRESS", answer, StringComparison.Ordinal);
        Assert.Contains(" UNAUTHENTICATE", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("COMPRESS", (await client.OkAsync("CAPABILITY"))[0], StringComparison.Ordinal);
        Assert.Equal("BAD There is no such command.", await client.BadAsync("COMPRESS DEFLATE"));
        Assert.Equal(["ENABLED"], await client.OkAsync("ENABLE UTF8=ACCEPT"));

        var other = await scene.SignInAsync("bob@example.org");
        Assert.Equal(["ENABLED UTF8=ACCEPT"], await other.OkAsync("ENABLE UTF8=ACCEPT"));
    }

    [Fact]
    public async Task What_is_shown_again_is_there_in_the_next_session()
    {
        await using var scene = new ImapScene();
        await scene.Mda.AddAccountAsync("ann@example.org");
        await ChangeAsync(scene, hide: ["IDLE", "UNAUTHENTICATE"]);
        var before = await scene.SignInAsync();
        Assert.Equal(["UNAUTHENTICATE"], await ChangeAsync(scene, show: ["idle"]));
        await before.BadAsync("IDLE");
        Assert.Contains(" IDLE", (await (await scene.SignInAsync()).OkAsync("CAPABILITY"))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOSUCH", "There is no capability NOSUCH. ")]
    [InlineData("IMAP4rev1", "IMAP4rev1 cannot be hidden: ")]
    [InlineData("starttls", "STARTTLS cannot be hidden: ")]
    public async Task What_is_no_capability_or_must_stay_is_refused(string name, string reason)
    {
        await using var scene = new ImapScene();
        await scene.Mda.AddAccountAsync("ann@example.org");
        var change = await scene.Mda.Services.GetRequiredService<IHiddenCapabilities>().ChangeAsync(MdaScene.Address("ann@example.org"), [name], [], TestContext.Current.CancellationToken);
        Assert.StartsWith(reason, Assert.IsType<HiddenCapabilitiesChange.Refused>(change).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_is_not_there_is_refused()
    {
        await using var scene = new ImapScene();
        var change = await scene.Mda.Services.GetRequiredService<IHiddenCapabilities>().ChangeAsync(MdaScene.Address("eve@example.org"), ["IDLE"], [], TestContext.Current.CancellationToken);
        Assert.Equal("There is no account eve@example.org.", Assert.IsType<HiddenCapabilitiesChange.Refused>(change).Reason);
    }

    private static async Task<IReadOnlyList<string>> ChangeAsync(ImapScene scene, IReadOnlyCollection<string>? hide = null, IReadOnlyCollection<string>? show = null)
    {
        var change = await scene.Mda.Services.GetRequiredService<IHiddenCapabilities>().ChangeAsync(MdaScene.Address("ann@example.org"), hide ?? [], show ?? [], TestContext.Current.CancellationToken);
        return Assert.IsType<HiddenCapabilitiesChange.Done>(change).Hidden;
    }
}
