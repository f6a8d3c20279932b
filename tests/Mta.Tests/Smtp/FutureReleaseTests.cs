using MailSuite.Mta.Envelope;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What HOLDFOR and HOLDUNTIL say to the server; the holding itself stands in <c>Queue/DeadlineTests</c>.</summary>
public sealed class FutureReleaseTests
{
    // The clock of the scene stands at 2026-11-23 12:00:00 UTC.
    private const string Offered = """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... AUTH*)
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
        S: 235 *
        C: EHLO client.example.net
        S: (250-... FUTURERELEASE 3600 2026-11-23T13:00:00Z)

        """;

    [EhloKeyword("FUTURERELEASE")]
    [Theory]
    [InlineData("HOLDFOR=3600", "for;3600")]
    [InlineData("HOLDUNTIL=2026-11-23T13:00:00Z", "until;2026-11-23T13:00:00Z")]
    public async Task Puts_all_recipients_into_the_spool_until_then(string parameter, string request)
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, OneHour);

        await scene.PlayAsync(Chunking.WholeTurn, Offered + $"""
            C: MAIL FROM:<alice@example.org> {parameter}
            S: 250 2.1.0 *
            C: RCPT TO:<bob@example.org>
            S: 250 2.1.5 *
            C: RCPT TO:<a@there.example>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            C: Subject: x
            C:
            C: .
            S: 250 2.6.0 *
            """);

        Assert.All(scene.Spool.Entries, entry => Assert.Equal(new FutureRelease(scene.Clock.GetUtcNow().AddHours(1), request), entry.Message.Requests.Hold));
        Assert.Equal(["a@there.example", "bob@example.org"], scene.Spool.Entries.Select(entry => Assert.Single(entry.Message.Recipients).Address.ToString()));
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [EhloKeyword("FUTURERELEASE")]
    [Theory, EveryChunking]
    public Task Refuses_a_time_that_is_none_or_past_or_too_far_or_given_twice(Chunking chunking) => SmtpScene.PlayAsync(chunking, Offered + """
        C: MAIL FROM:<alice@example.org> HOLDFOR=3601
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> HOLDUNTIL=2026-11-23T13:00:01Z
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> HOLDUNTIL=2026-11-23T12:00:00Z
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> HOLDFOR=0
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> HOLDFOR
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> HOLDUNTIL=tomorrow
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> HOLDFOR=60 HOLDUNTIL=2026-11-23T12:30:00Z
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> HOLDFOR=60 HOLDFOR=60
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> HOLDFOR=60 BY=59;N
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> BY=59;R HOLDFOR=60
        S: 501 5.5.4 *
        C: MAIL FROM:<alice@example.org> BY=60;R HOLDFOR=60
        S: 250 2.1.0 *
        """, SmtpRole.Submission, OneHour);

    [Theory]
    [InlineData(SmtpRole.Mx, 3600)]
    [InlineData(SmtpRole.Submission, 0)]
    public Task Is_unknown_where_it_is_not_offered(SmtpRole role, int seconds) => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... !FUTURERELEASE*)
        C: MAIL FROM:<alice@example.org> HOLDFOR=60
        S: 555 5.5.4 *
        """, role, options => OneHour(options) with { MaxFutureRelease = TimeSpan.FromSeconds(seconds) });

    [Fact]
    public Task Is_offered_on_the_MX_to_who_has_authenticated() => SmtpScene.PlayAsync(
        Chunking.WholeTurn, Offered, SmtpRole.Mx, options => OneHour(options) with { AuthenticateOnMx = true });

    private static MtaOptions OneHour(MtaOptions options) => options with { AllowPlaintextAuthentication = true, MaxFutureRelease = TimeSpan.FromHours(1) };
}
