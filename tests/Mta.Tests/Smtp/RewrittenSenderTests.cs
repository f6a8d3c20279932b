using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Aliases that leave the box: whose name the copy goes under, what it carries, and what comes back.</summary>
public sealed class RewrittenSenderTests
{
    private const string Message = """
        C: DATA
        S: 354 *
        C: Subject: onward
        C:
        C: .
        S: 250 2.6.0 *

        """;

    [Fact]
    public async Task A_report_to_a_rewritten_sender_goes_to_the_sender_with_the_null_reverse_path()
    {
        await using var scene = Scene();
        var rewritten = await ForwardAsync(scene, "carol@example.net");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<>
            S: 250 *
            C: RCPT TO:<{rewritten}>
            S: 250 2.1.5 *

            """ + Message);
        var back = scene.Spool.Entries[^1];
        Assert.True(back.Message.ReversePath.IsNull);
        Assert.Equal("carol@example.net", Assert.Single(back.Message.Recipients).Address.ToString());
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public async Task One_that_was_not_made_here_is_refused_and_one_that_is_too_old()
    {
        await using var scene = Scene();
        var rewritten = await ForwardAsync(scene, "carol@example.net");
        scene.Clock.Advance(TimeSpan.FromDays(22));
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<>
            S: 250 *
            C: RCPT TO:<{rewritten}>
            S: 550 5.1.1 This return address is no longer valid
            C: RCPT TO:<{rewritten.Replace("carol", "carla", StringComparison.Ordinal)}>
            S: 550 5.7.1 This return address was not made here
            C: RCPT TO:<SRS0=abc@mx.example.org>
            S: 550 5.1.3 This is no return address of this host
            C: RCPT TO:<alice@example.org>
            S: 250 *
            """);
    }

    [Theory]
    [InlineData("", "<>")]
    [InlineData("alice@example.org", "<alice@example.org>")]
    [InlineData("SRS0=AAAAAA=AA=example.net=carol@mx.example.org", "<SRS0=AAAAAA=AA=example.net=carol@mx.example.org>")]
    public async Task Nobody_is_rewritten_who_needs_not_be(string sender, string reversePath)
    {
        await using var scene = Scene();
        Assert.Equal(reversePath, $"<{await ForwardAsync(scene, sender)}>");
    }

    [Fact]
    public async Task A_sender_who_is_too_long_goes_as_he_is()
    {
        await using var scene = Scene();
        var sender = $"{new string('a', 60)}@example.net";
        Assert.Equal(sender, await ForwardAsync(scene, sender));
    }

    [Fact]
    public async Task Nobody_is_rewritten_where_that_is_off_and_what_was_made_before_leads_back()
    {
        await using var scene = Scene();
        var rewritten = await ForwardAsync(scene, "carol@example.net");
        await using var off = Scene(options => options with { Forwarding = options.Forwarding with { RewriteSenders = false, SrsKeyFile = Path.Combine(scene.Options.DataDirectory, "srs.keys") } });
        Assert.Equal("carol@example.net", await ForwardAsync(off, "carol@example.net"));
        await off.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<>
            S: 250 *
            C: RCPT TO:<{rewritten}>
            S: 250 *
            """);
    }

    [Fact]
    public async Task Who_has_authenticated_is_not_rewritten()
    {
        await using var scene = Scene(options => options with { AllowPlaintextAuthentication = true, SubmissionOwnership = false }, SmtpRole.Submission);
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: EHLO client.example.net
            S: (250-... AUTH*)
            C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
            S: 235 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<paul@example.org>
            S: 250 *

            """ + Message);
        Assert.Equal("<carol@example.net>", Assert.Single(scene.Spool.Entries).Message.ReversePath.ToString());
    }

    [Fact]
    public async Task Everything_of_a_message_that_the_spool_gets_is_one_write()
    {
        await using var scene = Scene();
        // The second write would fail: there is none.
        scene.Spool.Failure = new SpoolUnavailableException(Shared.Status.StatusCodes.SystemStorageFull, "disk full", null);
        scene.Spool.FailAfter = 1;
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<paul@example.org>
            S: 250 *
            C: RCPT TO:<staff@example.org>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *

            """ + Message);
        Assert.Equal(["Delivered-To: paul@example.org", "Delivered-To: staff@example.org"], scene.Spool.Entries.Select(entry => entry.Text[..entry.Text.IndexOf('\r', StringComparison.Ordinal)]));
        Assert.Equal([["paul@elsewhere.example"], ["erin@elsewhere.example"]], scene.Spool.Entries.Select(entry => entry.Message.Recipients.Select(one => one.Address.ToString())));
        Assert.Equal(2, scene.Spool.Entries.Select(entry => entry.Message.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_message_that_has_been_at_the_alias_is_refused()
    {
        await using var scene = Scene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<paul@example.org>
            S: 250 *
            C: RCPT TO:<staff@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: Delivered-To: staff@example.org
            C: Received: from x
            C: Delivered-To: <Paul@EXAMPLE.org>
            C:
            C: .
            S: 554 5.4.6 This message is looping: it has been at <paul@example.org> before
            """);
        Assert.Empty(scene.Spool.Entries);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public async Task The_others_get_a_message_that_loops_for_one_and_its_sender_hears_of_that()
    {
        await using var scene = Scene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<staff@example.org>
            S: 250 *
            C: RCPT TO:<paul@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: Delivered-To: staff@example.org
            C:
            C: .
            S: 250 *
            """);
        Assert.Equal("bob@example.org", Assert.Single(Assert.Single(scene.Mailboxes.Deliveries).Recipients).ToString());
        var failed = Assert.Single(scene.Spool.Entries, entry => entry.Message.Recipients[0].Failure is not null).Message;
        Assert.Equal(("staff@example.org", "5.4.6", "<carol@example.net>"), (failed.Recipients[0].Address.ToString(), failed.Recipients[0].Failure!.Status.ToString(), failed.ReversePath.ToString()));
    }

    /// <summary>RFC 3461 §5.2.7.2 (b): we tell that it was expanded, and nobody behind us tells of success.</summary>
    [Theory]
    [InlineData("NOTIFY=SUCCESS,DELAY", Notify.Delay, 1)]
    [InlineData("NOTIFY=SUCCESS", Notify.Never, 1)]
    [InlineData("NOTIFY=FAILURE", Notify.Failure, 0)]
    [InlineData("NOTIFY=NEVER", Notify.Never, 0)]
    internal async Task An_alias_of_several_is_reported_as_expanded_to_who_asked(string parameter, Notify passedOn, int reports)
    {
        await using var scene = Scene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<carol@example.net> ENVID=e1 RET=FULL
            S: 250 *
            C: RCPT TO:<pair@example.org> {parameter} ORCPT=rfc822;first@example.com
            S: 250 *

            """ + Message);
        var copy = scene.Spool.Entries[0].Message;
        Assert.Equal(["paul@elsewhere.example", "erin@elsewhere.example"], copy.Recipients.Select(one => one.Address.ToString()));
        Assert.All(copy.Recipients, one => Assert.Equal((passedOn, "rfc822;first@example.com"), (one.Recipient.Notify, one.Recipient.OriginalRecipient!.ToString())));
        Assert.Equal(("e1", ReturnContent.Full), (copy.Requests.EnvelopeId, copy.Requests.Return));
        var told = scene.Spool.Entries.Skip(1).ToList();
        Assert.Equal(reports, told.Count);
        Assert.All(told, entry =>
        {
            Assert.Equal(("<carol@example.net>", "pair@example.org", true), (entry.Message.ReversePath.ToString(), entry.Message.Recipients[0].Address.ToString(), entry.Message.Recipients[0].Success!.Expanded));
            Assert.DoesNotContain("\r\n\r\n", entry.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task An_alias_of_a_mailbox_here_and_an_address_elsewhere_is_reported_when_the_mailbox_has_it()
    {
        await using var scene = Scene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<staff@example.org> NOTIFY=SUCCESS
            S: 250 *

            """ + Message);
        var told = Assert.Single(scene.Spool.Entries, entry => entry.Message.Recipients[0].Success is not null).Message;
        Assert.Equal(("staff@example.org", true), (told.Recipients[0].Address.ToString(), told.Recipients[0].Success!.Expanded));
    }

    [Theory]
    [InlineData(100, "250")]
    [InlineData(101, "452 4.5.3")]
    public async Task So_many_aliases_of_a_transaction_forward(int aliases, string last)
    {
        await using var scene = Scene();
        var dialogue = new System.Text.StringBuilder(SmtpScene.Hello + "C: MAIL FROM:<>\nS: 250 *\n");
        for (var i = 1; i <= aliases; i++)
        {
            scene.Mailboxes.Verdicts[$"a{i}@example.org"] = new RecipientVerdict.Forwards([EnvelopeAddress.Parse($"a{i}@elsewhere.example")], AlsoHere: false);
            dialogue.Append(System.Globalization.CultureInfo.InvariantCulture, $"C: RCPT TO:<a{i}@example.org>\nS: {(i < aliases ? "250" : last)} *\n");
        }

        await scene.PlayAsync(Chunking.WholeTurn, dialogue.ToString());
    }

    /// <returns>The reverse-path that the copy for paul goes with.</returns>
    private static async Task<string> ForwardAsync(SmtpScene scene, string sender)
    {
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<{sender}>
            S: 250 *
            C: RCPT TO:<paul@example.org>
            S: 250 *

            """ + Message);
        return scene.Spool.Entries[^1].Message.ReversePath.Address?.ToString() ?? "";
    }

    private static SmtpScene Scene(Func<MtaOptions, MtaOptions>? configure = null, SmtpRole role = SmtpRole.Mx)
    {
        var scene = new SmtpScene(role, configure);
        var (paul, erin) = (EnvelopeAddress.Parse("paul@elsewhere.example"), EnvelopeAddress.Parse("erin@elsewhere.example"));
        scene.Mailboxes.Verdicts["paul@example.org"] = new RecipientVerdict.Forwards([paul], AlsoHere: false);
        scene.Mailboxes.Verdicts["pair@example.org"] = new RecipientVerdict.Forwards([paul, erin], AlsoHere: false);
        scene.Mailboxes.Verdicts["staff@example.org"] = new RecipientVerdict.Forwards([paul, erin], AlsoHere: true);
        return scene;
    }
}
