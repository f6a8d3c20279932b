using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What a person can later see of an SMTP session.</summary>
public sealed class JourneyTests
{
    [Theory, EveryChunking]
    public async Task Tells_of_an_accepted_message_with_its_dialogue(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: Message-ID: <42@example.net>
            C: Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=
            C:  aus Berlin
            C: 
            C: the body
            C: .
            S: 250 *
            """);
        var told = Assert.Single(scene.Journeys.Events);
        Assert.Equal((JourneyStep.Accepted, MailRole.Mta, "mx.example.org"), (told.Step, told.Role, told.Host));
        Assert.Equal("client.example.net [192.0.2.7]", told.Peer);
        Assert.Equal("42@example.net", told.Facts!.MessageId);
        Assert.Equal("grüße aus Berlin", told.Facts.Subject);
        Assert.Equal("<carol@example.net>", told.Facts.ReversePath.ToString());
        Assert.Equal("alice@example.org", told.Facts.Recipients.Single().ToString());
        Assert.Equal(told.Journey, scene.Mailboxes.Deliveries.Single().Journey);
        var lines = told.Dialogue.Select(line => line.ToString()).ToList();
        Assert.Equal("S: 220 mx.example.org ESMTP MailSuite", lines[0]);
        Assert.Equal("C: EHLO client.example.net", lines[1]);
        Assert.Equal(["C: MAIL FROM:<carol@example.net>", "S: 250 2.1.0 Sender ok", "C: RCPT TO:<alice@example.org>", "S: 250 2.1.5 Recipient ok", "C: DATA"], lines[^8..^3]);
        Assert.Matches(@"^C: \(message, \d+ octets\)$", lines[^2]);
        Assert.Equal($"S: 250 2.6.0 Accepted as {told.Facts.QueueId}", lines[^1]);
        Assert.All(lines[2..^8], line => Assert.StartsWith("S: 250", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shows_with_a_second_message_the_greeting_and_not_the_first_message()
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            C: NOOP
            S: 250 *
            C: MAIL FROM:<dave@example.net>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        var lines = scene.Journeys.Events[1].Dialogue.Select(line => line.ToString()).ToList();
        Assert.Equal("C: EHLO client.example.net", lines[1]);
        Assert.Equal("C: MAIL FROM:<dave@example.net>", lines[2..].First(line => line.StartsWith("C: ", StringComparison.Ordinal)));
        Assert.DoesNotContain("C: NOOP", lines);
        Assert.DoesNotContain("C: MAIL FROM:<carol@example.net>", lines);
        Assert.NotEqual(scene.Journeys.Events[0].Journey, scene.Journeys.Events[1].Journey);
    }

    [Fact]
    public async Task Tells_of_each_refused_recipient_also_when_the_message_was_accepted()
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: RCPT TO:<nobody@example.org>
            S: 550 *
            C: RCPT TO:<somebody@elsewhere.example>
            S: 550 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Equal([JourneyStep.Accepted, JourneyStep.Refused, JourneyStep.Refused], scene.Journeys.Events.Select(e => e.Step));
        Assert.Equal("550 5.1.1 No such mailbox here", scene.Journeys.Events[1].Reason);
        Assert.Equal("nobody@example.org", scene.Journeys.Events[1].Recipients.Single().ToString());
        Assert.Single(scene.Journeys.Events.Select(e => e.Journey).Distinct());
    }

    [Theory]
    [InlineData("RSET", "250 *")]
    [InlineData("QUIT", "221 *")]
    [InlineData("EHLO again.example", "(250-... PIPELINING)")]
    public async Task Tells_of_refused_recipients_when_the_client_gives_up(string command, string reply)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<nobody@example.org>
            S: 550 *
            C: {command}
            S: {reply}
            """);
        var told = Assert.Single(scene.Journeys.Events);
        Assert.Equal(JourneyStep.Refused, told.Step);
        Assert.Equal("nobody@example.org", told.Facts!.Recipients.Single().ToString());
        Assert.Contains("C: RCPT TO:<nobody@example.org>", told.Dialogue.Select(line => line.ToString()));
    }

    [Fact]
    public async Task Tells_of_a_message_that_was_refused_as_a_whole()
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxMessageOctets = 100 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C: {new string('x', 200)}
            C: .
            S: 552 5.3.4 *
            C: MAIL FROM:<carol@example.net> SIZE=101
            S: 552 5.3.4 *
            """);
        Assert.All(scene.Journeys.Events, e => Assert.Equal(JourneyStep.Refused, e.Step));
        Assert.Equal(["552 5.3.4 The message is too large", "552 5.3.4 The message is too large"], scene.Journeys.Events.Select(e => e.Reason));
    }

    [Fact]
    public async Task Names_the_submission_agent_where_somebody_has_authenticated()
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true });
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<somebody@elsewhere.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        var told = Assert.Single(scene.Journeys.Events);
        Assert.Equal(MailRole.Msa, told.Role);
        Assert.Equal("alice@example.org is authenticated and may relay, without TLS", told.Reason);
        Assert.Contains("C: AUTH PLAIN ****", told.Dialogue.Select(line => line.ToString()));
    }

    [Fact]
    public async Task Keeps_room_for_the_message_whatever_was_said_before()
    {
        await using var scene = new SmtpScene(configure: options => options with { Strictness = options.Strictness with { MaxIdleCommands = 1_000 } });
        var noops = string.Concat(Enumerable.Repeat("C: NOOP\nS: 250 *\n", 300));
        var greetings = string.Concat(Enumerable.Repeat("C: HELO again.example\nS: 250 *\n", 300));
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + noops + greetings + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Contains("C: MAIL FROM:<carol@example.net>", Assert.Single(scene.Journeys.Events).Dialogue.Select(line => line.ToString()));
    }
}
