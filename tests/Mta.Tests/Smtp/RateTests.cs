using System.Net;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What an address and its network may do in a minute, at the limit and beyond it.</summary>
public sealed class RateTests
{
    private const string Greeted = "S: 220 *";

    private const string Turned = """
        S: 421 4.7.1 *
        S: (closed)
        """;

    public static TheoryData<bool> Both => new(true, false);

    [Theory, MemberData(nameof(Both))]
    public async Task Greets_as_often_as_allowed(bool byNetwork)
    {
        await using var scene = Scene(byNetwork, new RateOptions { Connections = 2 });
        await scene.PlayAsync(Chunking.WholeTurn, Greeted);
        await scene.PlayAsync(Chunking.WholeTurn, Greeted);
        await scene.PlayAsync(Chunking.WholeTurn, Turned);
        scene.Clock.Advance(TimeSpan.FromSeconds(30));
        await scene.PlayAsync(Chunking.WholeTurn, Greeted);
        await scene.PlayAsync(Chunking.WholeTurn, Turned);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Takes_as_many_MAILs_as_allowed(bool byNetwork)
    {
        await using var scene = Scene(byNetwork, new RateOptions { Mails = 2 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RSET
            S: 250 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RSET
            S: 250 *
            C: MAIL FROM:<carol@example.net>
            S: 450 4.7.1 Too many messages *
            C: NOOP
            S: 250 *
            """);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Takes_as_many_recipients_as_allowed(bool byNetwork)
    {
        await using var scene = Scene(byNetwork, new RateOptions { Recipients = 1 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: RCPT TO:<bob@example.org>
            S: 450 4.7.1 Too many recipients *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Turns_away_who_tries_addresses(bool byNetwork)
    {
        await using var scene = Scene(byNetwork, new RateOptions { RefusedRecipients = 2 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<one@example.org>
            S: 550 *
            C: RSET
            S: 250 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<two@example.org>
            S: 550 *
            C: RSET
            S: 250 *
            C: MAIL FROM:<carol@example.net>
            S: 450 4.7.1 Too many recipients that do not exist *
            """);
        await scene.PlayAsync(Chunking.WholeTurn, Turned);
        scene.Clock.Advance(TimeSpan.FromSeconds(30));
        await scene.PlayAsync(Chunking.WholeTurn, Greeted);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Does_not_count_trusted_clients(bool byNetwork)
    {
        await using var scene = Scene(byNetwork, new RateOptions { Connections = 1, Mails = 1, Recipients = 1 }, trusted: true);
        for (var i = 0; i < 3; i++)
            await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed);
    }

    [Fact]
    public async Task Does_not_count_the_mail_of_who_has_authenticated()
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with
        {
            AllowPlaintextAuthentication = true,
            Strictness = options.Strictness with { AddressRates = new RateOptions { Mails = 1 } },
        });
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + string.Concat(Enumerable.Repeat("C: MAIL FROM:<alice@example.org>\nS: 250 *\nC: RSET\nS: 250 *\n", 3)));
    }

    private static SmtpScene Scene(bool byNetwork, RateOptions rates, bool trusted = false) => new(configure: options => options with
    {
        Strictness = options.Strictness with
        {
            AddressRates = byNetwork ? new RateOptions() : rates,
            NetworkRates = byNetwork ? rates : new RateOptions(),
            TrustedNetworks = trusted ? [IPNetwork.Parse("192.0.2.0/24")] : [],
        },
    });
}
