using MailSuite.Mta.Tests.Smtp;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Dsn.Incoming;

/// <summary>Reports that arrive are told on the journey of the message that they speak of, and believed for nothing else.</summary>
public sealed class ReceivedReportsTests
{
    private const string Report = """
        C: DATA
        S: 354 *
        C: From: <>
        C: Content-Type: multipart/report; report-type=delivery-status; boundary=B
        C:
        C: --B
        C: Content-Type: message/delivery-status
        C:
        C: Reporting-MTA: dns; mx.there.test
        C:
        C: Final-Recipient: rfc822; bob@there.test
        C: Action: failed
        C: Status: 5.1.1
        C: Diagnostic-Code: smtp; 550 5.1.1 Nobody
        C:
        C: --B
        C: Content-Type: text/rfc822-headers
        C:
        C: Message-ID: <m1@example.org>
        C: --B--
        C: .
        S: 250 *

        """;

    [Fact]
    public async Task The_message_it_speaks_of_shows_whose_word_it_is_and_the_two_journeys_lead_to_each_other()
    {
        await using var scene = new SmtpScene(lookup: new FakeLookupOfJourneys("m1@example.org", "alice@example.org"));
        await PlayAsync(scene, "<>", "alice@example.org");

        var heard = await SeeAsync(scene, JourneyStep.Heard);
        Assert.Equal(FakeLookupOfJourneys.Journey, heard.Journey);
        Assert.Equal("mx.there.test reported: failed for bob@there.test (5.1.1).", heard.Summary);
        Assert.Equal("550 5.1.1 Nobody", heard.Reason);
        Assert.Equal("bob@there.test", Assert.Single(heard.Recipients).ToString());
        var arrived = scene.Journeys.Events.First(one => one.Step == JourneyStep.Accepted).Journey;
        Assert.Equal(arrived, heard.Related);
        Assert.Contains(scene.Journeys.Events, one => one.Journey == arrived && one.Related == FakeLookupOfJourneys.Journey && one.Summary == "It is a report of mx.there.test about a message of alice@example.org.");
    }

    [Fact]
    public async Task One_that_comes_to_a_rewritten_sender_is_about_the_message_of_the_sender_behind()
    {
        await using var scene = new SmtpScene(lookup: new FakeLookupOfJourneys("m1@example.org", "carol@example.net"));
        scene.Mailboxes.Verdicts["paul@example.org"] = new RecipientVerdict.Forwards([EnvelopeAddress.Parse("paul@elsewhere.example")], AlsoHere: false);
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<paul@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        await PlayAsync(scene, "<>", scene.Spool.Entries[0].Message.ReversePath.Address!.ToString());
        Assert.Equal(FakeLookupOfJourneys.Journey, (await SeeAsync(scene, JourneyStep.Heard)).Journey);
    }

    /// <summary>What somebody makes up about a message of another sender is not shown on it.</summary>
    [Fact]
    public async Task One_that_comes_to_somebody_else_than_the_sender_changes_nothing()
    {
        var lookup = new FakeLookupOfJourneys("m1@example.org", "bob@example.org");
        await using var scene = new SmtpScene(lookup: lookup);
        await PlayAsync(scene, "<>", "alice@example.org");
        await UntilAsync(() => lookup.Asked > 0);
        await scene.Reports.StopAsync(CancellationToken.None);
        Assert.DoesNotContain(scene.Journeys.Events, one => one.Step == JourneyStep.Heard || one.Related is not null);
    }

    [Theory]
    [InlineData("<mailer-daemon@there.test>", true)]
    [InlineData("<MAILER-DAEMON@there.test>", true)]
    [InlineData("<eve@there.test>", false)]
    public async Task Only_mail_that_has_no_sender_or_the_mailer_daemons_name_is_read(string from, bool isRead)
    {
        var lookup = new FakeLookupOfJourneys("m1@example.org", "alice@example.org");
        await using var scene = new SmtpScene(lookup: lookup);
        await PlayAsync(scene, from, "alice@example.org");
        if (isRead)
        {
            await SeeAsync(scene, JourneyStep.Heard);
            return;
        }

        await PlayAsync(scene, "<>", "bob@example.org");
        await UntilAsync(() => lookup.Asked > 0);
        Assert.DoesNotContain(scene.Journeys.Events, one => one.Step == JourneyStep.Heard);
    }

    private static async Task PlayAsync(SmtpScene scene, string from, string to)
    {
        await scene.Reports.StartAsync(CancellationToken.None);
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:{from}
            S: 250 *
            C: RCPT TO:<{to}>
            S: 250 *

            """ + Report);
    }

    private static async Task<JourneyEvent> SeeAsync(SmtpScene scene, JourneyStep step)
    {
        await UntilAsync(() => scene.Journeys.Events.Any(one => one.Step == step));
        return scene.Journeys.Events.First(one => one.Step == step);
    }

    private static Task UntilAsync(Func<bool> condition) => Queue.RelayScene.UntilAsync(condition);

    /// <summary>Knows one message.</summary>
    private sealed class FakeLookupOfJourneys(string name, string sender) : IJourneyLookup
    {
        private int _asked;

        public static JourneyId Journey { get; } = new(Guid.NewGuid());

        public int Asked => Volatile.Read(ref _asked);

        public ValueTask<JourneyId?> FindAsync(IReadOnlyList<string> names, EnvelopeAddress from, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return new(names.Contains(name) && from.ToString() == sender ? Journey : null);
        }
    }
}
