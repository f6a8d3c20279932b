using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;
using MailSuite.Testing;
using Microsoft.EntityFrameworkCore;

namespace MailSuite.Mda.Tests.Accounts;

/// <summary>Accounts and SCRAM: keys are made with the password, and nothing tells a stranger which names are here.</summary>
public sealed class ScramAccountTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signs_in_by_SCRAM_with_the_password_that_was_set_last()
    {
        await using var scene = new MdaScene();
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "first", null, Cancellation);
        Assert.IsType<AuthenticationOutcome.Accepted>(await SignInAsync(scene, "ANN@example.org", "first"));
        Assert.IsType<AuthenticationOutcome.Accepted>(await SignInAsync(scene, "ann", "first"));
        Assert.IsType<AuthenticationOutcome.Refused>(await SignInAsync(scene, "ann@example.org", "second"));

        await scene.Accounts.SetPasswordAsync(MdaScene.Address("ann@example.org"), "second", Cancellation);
        Assert.IsType<AuthenticationOutcome.Refused>(await SignInAsync(scene, "ann@example.org", "first"));
        Assert.IsType<AuthenticationOutcome.Accepted>(await SignInAsync(scene, "ann@example.org", "second"));
    }

    [Fact]
    public async Task An_account_without_keys_gets_them_when_it_signs_in_by_its_password()
    {
        await using var scene = new MdaScene();
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "password", null, Cancellation);
        await using (var tables = scene.OpenTables())
            await tables.Accounts.ExecuteUpdateAsync(set => set.SetProperty(row => row.Scram, (string?)null), Cancellation);

        // Whoever asks hears the same, so that nobody learns which names are here.
        Assert.IsType<AuthenticationOutcome.RefusedOrTransitionNeeded>(await SignInAsync(scene, "ann@example.org", "password"));
        Assert.IsType<AuthenticationOutcome.RefusedOrTransitionNeeded>(await SignInAsync(scene, "nobody@example.org", "password"));

        Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann@example.org", "password", client: null, Cancellation));
        Assert.IsType<AuthenticationOutcome.Accepted>(await SignInAsync(scene, "ann@example.org", "password"));
        Assert.IsType<AuthenticationOutcome.Refused>(await SignInAsync(scene, "nobody@example.org", "password"));
    }

    [Fact]
    public async Task A_name_that_is_nobodys_has_a_salt_that_stays_and_looks_like_any_other()
    {
        await using var scene = new MdaScene();
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "password", null, Cancellation);
        var ann = (await scene.Accounts.FindScramSaltAsync("ann@example.org", Cancellation))!;
        var nobody = (await scene.Accounts.FindScramSaltAsync("nobody@example.org", Cancellation))!;
        var other = (await scene.Accounts.FindScramSaltAsync("other@example.org", Cancellation))!;
        Assert.Equal((ann.Salt.Length, ann.Iterations), (nobody.Salt.Length, nobody.Iterations));
        Assert.NotEqual(nobody.Salt.ToArray(), other.Salt.ToArray());

        await using var later = new MdaScene(directory: scene.Directory);
        foreach (var name in new[] { "nobody@example.org", "NOBODY@example.org", "nobody" })
            Assert.Equal(nobody.Salt.ToArray(), (await later.Accounts.FindScramSaltAsync(name, Cancellation))!.Salt.ToArray());
        Assert.NotNull(await later.Accounts.FindScramSaltAsync("no address@", Cancellation));
    }

    [Fact]
    public async Task A_password_that_SASLprep_forbids_signs_in_without_SCRAM()
    {
        await using var scene = new MdaScene();
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "a\u0007b", null, Cancellation);
        Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann@example.org", "a\u0007b", client: null, Cancellation));
        Assert.IsType<AuthenticationOutcome.Refused>(await SignInAsync(scene, "ann@example.org", "ab"));
    }

    [Fact]
    public async Task A_guesser_is_slowed_down_whatever_the_way()
    {
        await using var scene = new MdaScene();
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "password", null, Cancellation);
        var guesser = System.Net.IPAddress.Parse("192.0.2.66");
        for (var i = 0; i < 2; i++)
            Assert.IsType<AuthenticationOutcome.Refused>(await scene.Accounts.AuthenticateAsync("ann@example.org", $"guess{i}", guesser, Cancellation));
        for (var i = 0; i < 1; i++)
            Assert.IsType<AuthenticationOutcome.Refused>(await SignInAsync(scene, "ann@example.org", "guess", guesser));
        for (var i = 0; i < 20; i++)
            _ = scene.Accounts.AuthenticateAsync("ann@example.org", "guess", guesser, Cancellation).AsTask();

        var stopped = Assert.IsType<AuthenticationOutcome.TooManyFailures>(await SignInAsync(scene, "ann@example.org", "password", guesser));
        Assert.InRange(stopped.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Assert.IsType<AuthenticationOutcome.Accepted>(await SignInAsync(scene, "ann@example.org", "password", System.Net.IPAddress.Loopback));
    }

    [Fact]
    public async Task There_is_no_SCRAM_where_any_password_is_right()
    {
        await using var scene = new MdaScene(options => options with { EveryoneIsLocal = true });
        await scene.Accounts.AuthenticateAsync("ann@example.org", "any", client: null, Cancellation);
        Assert.IsType<AuthenticationOutcome.Refused>(await SignInAsync(scene, "ann@example.org", "any"));
    }

    private static async Task<AuthenticationOutcome> SignInAsync(MdaScene scene, string name, string password, System.Net.IPAddress? from = null)
    {
        var client = new ScramClient(name, password);
        Assert.True(SaslExchange.TryBegin(SaslMechanisms.ScramSha256, new SaslPeer(scene.Accounts, from, ChannelBindings.None, OffersPlus: false), out var exchange));
        var challenge = Assert.IsType<SaslStep.Challenge>(await exchange.StartAsync(client.First()));
        var step = await exchange.ContinueAsync(client.Final(challenge.Base64));
        if (step is SaslStep.Challenge proof)
        {
            Assert.True(client.Believes(proof.Base64));
            step = await exchange.ContinueAsync("");
        }

        return Assert.IsType<SaslStep.Done>(step).Outcome;
    }
}
