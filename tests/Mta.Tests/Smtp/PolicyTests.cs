using System.Text;
using MailSuite.Mta.Policy;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What policies say is what the client hears, where the mail goes, and what a person can read afterwards.</summary>
public sealed class PolicyTests
{
    private static readonly PolicyVerdict No = new PolicyVerdict.Refuse(StatusCodes.NotAuthorized, "not you");
    private static readonly PolicyVerdict Later = new PolicyVerdict.Defer(StatusCodes.SystemTemporary, "not now");
    private static readonly PolicyVerdict Doubt = new PolicyVerdict.Quarantine(StatusCodes.NotAuthorized, "looks like spam");

    [Theory, EveryChunking]
    public async Task Refuses_a_client_instead_of_greeting_it(Chunking chunking)
    {
        await using var scene = new SmtpScene(policies: new At("connect", No));
        await scene.PlayAsync(chunking, """
            S: 554 5.7.1 not you
            S: (closed)
            """);
        Assert.Contains(scene.Log.Lines, line => line.Contains("is not greeted: test at connect: refused: 5.7.1 not you", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Defers_a_client_instead_of_greeting_it()
    {
        await using var scene = new SmtpScene(policies: new At("connect", Later));
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 421 4.3.0 not now
            S: (closed)
            """);
    }

    [Theory, EveryChunking]
    public async Task Takes_no_greeting_that_a_policy_objects_to(Chunking chunking)
    {
        await using var scene = new SmtpScene(policies: new At("EHLO", No));
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: EHLO client.example.net
            S: 550 5.7.1 not you
            C: MAIL FROM:<>
            S: 503 5.5.1 *
            C: HELO client.example.net
            S: 550 5.7.1 not you
            C: QUIT
            S: 221 *
            S: (closed)
            """);
    }

    [Fact]
    public async Task Refuses_at_MAIL_and_leaves_the_session_open()
    {
        await using var scene = new SmtpScene(policies: new At("MAIL", No));
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 550 5.7.1 not you
            C: RCPT TO:<alice@example.org>
            S: 503 5.5.1 *
            """);
        Assert.Equal([JourneyStep.Checked, JourneyStep.Refused], scene.Journeys.Events.Select(e => e.Step));
        Assert.Equal("test at MAIL: refused: 5.7.1 not you", scene.Journeys.Events[0].Reason);
    }

    [Theory, EveryChunking]
    public async Task Defers_a_recipient_and_keeps_the_transaction(Chunking chunking)
    {
        await using var scene = new SmtpScene(policies: new At("RCPT", Later) { Only = "bob@example.org" });
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: RCPT TO:<bob@example.org>
            S: 451 4.3.0 not now
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
        Assert.Empty(scene.Mailboxes.Of("bob@example.org"));
        Assert.Equal([JourneyStep.Checked, JourneyStep.Accepted, JourneyStep.Refused], scene.Journeys.Events.Select(e => e.Step));
        Assert.Equal("bob@example.org", scene.Journeys.Events[0].Recipients.Single().ToString());
    }

    [Fact]
    public async Task Asks_nobody_about_a_recipient_that_is_refused_anyway()
    {
        var policy = new At("RCPT", No);
        await using var scene = new SmtpScene(policies: policy);
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<nobody@example.org>
            S: 550 5.1.1 *
            C: RCPT TO:<x@elsewhere.example>
            S: 550 5.7.1 Relaying denied*
            """);
        Assert.Equal(0, policy.Asked);
    }

    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(64)]
    public async Task Refuses_a_message_by_its_content_wherever_it_is_held(int spillOctets)
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = spillOctets }, policies: new At("message", No) { OnlyWith = "viagra" });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C: Subject: hello
            C: 
            C: {new string('x', 200)}
            C: buy viagra
            C: .
            S: 550 5.7.1 not you
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: hello
            C: 
            C: {new string('x', 200)}
            C: buy bread
            C: .
            S: 250 *
            """);
        Assert.EndsWith("buy bread\r\n", Assert.Single(scene.Mailboxes.Of("alice@example.org")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("message")]
    public async Task Delivers_to_Junk_what_is_in_quarantine(string stage)
    {
        await using var scene = new SmtpScene(policies: new At(stage, Doubt));
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: .
            S: 250 2.6.0 *
            """);
        Assert.Equal(SpecialUse.Junk, Assert.Single(scene.Mailboxes.Deliveries).Into);
        Assert.Equal([JourneyStep.Checked, JourneyStep.Accepted], scene.Journeys.Events.Select(e => e.Step));
        Assert.Equal($"test at {stage}: quarantined: 5.7.1 looks like spam", scene.Journeys.Events[0].Reason);
    }

    [Theory]
    [InlineData("SEND", "550 5.7.1 *", 0)]
    [InlineData("SOML", "250 *", 1)]
    [InlineData("SAML", "250 *", 1)]
    public async Task Puts_nothing_before_anybodys_eyes_that_is_in_quarantine(string verb, string reply, int delivered)
    {
        await using var scene = new SmtpScene(configure: options => options with { Terminal = Offer.Always }, policies: new At("message", Doubt));
        scene.Terminals.SitDown(scene.Lookup.IdOf("alice@example.org"));
        await scene.PlayAsync(Chunking.WholeTurn, $"""
            S: 220 *
            C: EHLO client.example.net
            S: (250-... {verb})
            C: {verb} FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: {reply}
            """);
        Assert.Empty(scene.Terminals.Shown);
        Assert.Equal(delivered, scene.Mailboxes.Deliveries.Count(delivery => delivery.Into == SpecialUse.Junk));
    }

    [Fact]
    public async Task Remembers_the_quarantine_for_a_recipient_that_must_wait()
    {
        await using var scene = new SmtpScene(policies: new At("MAIL", Doubt));
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxBusy, "not now");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 2.6.0 *
            """);
        Assert.Equal(SpecialUse.Junk, Assert.Single(scene.Spool.Entries).Message.Into);
    }

    [Fact]
    public async Task Delivers_the_next_message_to_the_Inbox_again()
    {
        await using var scene = new SmtpScene(policies: new At("message", Doubt) { OnlyWith = "viagra" });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: Subject: viagra
            C: .
            S: 250 2.6.0 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 2.6.0 *
            """);
        Assert.Equal([SpecialUse.Junk, SpecialUse.Inbox], scene.Mailboxes.Deliveries.Select(delivery => delivery.Into));
    }

    [Theory]
    [InlineData("MAIL", "550 5.7.1 looks like spam", "503 *")]
    [InlineData("message", "250 *", "354 *")]
    public async Task Refuses_what_is_in_quarantine_and_for_another_host(string stage, string atRecipient, string atData)
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true }, policies: new At(stage, Doubt));
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + $"""
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<x@elsewhere.example>
            S: {atRecipient}
            """ + (stage == "MAIL" ? "" : $"""

            C: DATA
            S: {atData}
            C: .
            S: 550 5.7.1 looks like spam
            """));
        Assert.Empty(scene.Spool.Entries);
    }

    [Fact]
    public async Task Answers_451_when_a_policy_has_a_fault()
    {
        await using var scene = new SmtpScene(policies: new At("MAIL", null));
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 451 4.3.0 *
            """);
        Assert.Single(scene.Log.Errors);
    }

    /// <summary>Says its verdict at one stage; without one it has a fault.</summary>
    private sealed class At(string stage, PolicyVerdict? verdict) : IConnectPolicy, IHelloPolicy, IMailPolicy, IRecipientPolicy, IMessagePolicy
    {
        public string Name => "test";

        /// <summary>The recipient that it is about.</summary>
        public string? Only { get; init; }

        /// <summary>The text in the message that it is about.</summary>
        public string? OnlyWith { get; init; }

        public int Asked { get; private set; }

        public ValueTask<PolicyVerdict> AtConnectAsync(ClientFacts client, CancellationToken cancellationToken) => SayAsync("connect");

        public ValueTask<PolicyVerdict> AtHelloAsync(ClientFacts client, CancellationToken cancellationToken) => SayAsync("EHLO");

        public ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken) => SayAsync("MAIL");

        public ValueTask<PolicyVerdict> AtRecipientAsync(RecipientFacts recipient, CancellationToken cancellationToken) =>
            Only is null || recipient.Recipient.ToString() == Only ? SayAsync("RCPT") : new(PolicyVerdict.Accepted);

        public async ValueTask<PolicyVerdict> AtMessageAsync(ContentFacts message, CancellationToken cancellationToken)
        {
            if (OnlyWith is null)
                return await SayAsync("message");

            using var reader = new StreamReader(message.Content.OpenRead(), Encoding.UTF8);
            var text = await reader.ReadToEndAsync(cancellationToken);
            Assert.Equal(message.Content.Octets, text.Length);
            return text.Contains(OnlyWith, StringComparison.Ordinal) ? await SayAsync("message") : PolicyVerdict.Accepted;
        }

        private ValueTask<PolicyVerdict> SayAsync(string at)
        {
            if (at != stage)
                return new(PolicyVerdict.Accepted);
            Asked++;
            return new(verdict ?? throw new InvalidOperationException("a fault"));
        }
    }
}
