using System.Text;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>What waits in the spool for an address that turns out to lead elsewhere.</summary>
public sealed class QueuedForwardingTests
{
    [Fact]
    public async Task Mail_for_a_mailbox_that_has_become_an_alias_goes_where_that_leads()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Mda.Forwards["bob@here.test"] = new([EnvelopeAddress.Parse("bob@there.test")], AlsoHere: false);

        var message = await scene.SendAsync("carol@yonder.test", ["bob@here.test"]);

        await scene.EmptyAsync();
        var got = Assert.Single(peer.Messages);
        Assert.Matches("^MAIL FROM:<SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=yonder.test=carol@mx.here.test>", got.Mail);
        Assert.Equal("RCPT TO:<bob@there.test>", Assert.Single(got.Rcpts));
        Assert.StartsWith("Delivered-To: bob@here.test\r\nSubject: Hello", Encoding.UTF8.GetString(got.Octets), StringComparison.Ordinal);
        Assert.Empty(scene.Mda.Stored);
        var routed = await scene.SeeAsync(JourneyStep.Routed, one => one.Summary.Contains("leads to another host", StringComparison.Ordinal));
        Assert.Equal(message.Journey, routed.Journey);
    }

    [Fact]
    public async Task The_copy_and_the_end_of_the_recipient_are_one_commit()
    {
        using var disk = new TempDirectory();
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 later" : null };
        var mda = new FakeMda();
        mda.Forwards["bob@here.test"] = new([EnvelopeAddress.Parse("bob@there.test")], AlsoHere: false);
        await using (var first = await RelayScene.StartAsync(peer.EndPoint.Port, mda: mda))
        {
            first.Host("there.test");
            await first.SendAsync("carol@yonder.test", ["bob@here.test"]);
            await first.SeeAsync(JourneyStep.Deferred);
            Assert.Equal(1, first.Count("Messages"));
            Assert.Equal(1, first.Count("Recipients", "Address = 'bob@there.test' AND State = 0"));
            CrashCopy.Make(first.DataDirectory, disk.Path);
        }

        await using var second = await RelayScene.StartAsync(peer.EndPoint.Port, runQueue: false, directory: disk, mda: mda);
        Assert.Equal(1, second.Count("Messages"));
    }

    [Fact]
    public async Task A_report_to_a_sender_whose_mail_goes_to_both_reaches_both_once()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Mda.Forwards["ann@here.test"] = new([EnvelopeAddress.Parse("ann@there.test")], AlsoHere: true);
        var refusals = 2;
        scene.Mda.OnDelivery = _ => Interlocked.Decrement(ref refusals) >= 0 ? new LocalDeliveryOutcome.Deferred(new(4, 2, 2), "The mailbox is full.") : null;

        await scene.SendAsync("", ["ann@here.test"]);

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var expected = attempt;
            // The copy for the other host may have to wait too, when the DNS is slow.
            await RelayScene.UntilAsync(() => scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred && one.Recipients.Any(recipient => recipient.ToString() == "ann@here.test")) == expected);
            scene.Clock.Advance(TimeSpan.FromMinutes(12));
        }

        await RelayScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(10));
            return scene.Count("Messages") == 0;
        });
        Assert.Equal("ann@here.test", Assert.Single(scene.Mda.Stored).Recipient);
        Assert.Equal("MAIL FROM:<>", Assert.Single(peer.Messages).Mail.Split(" SIZE=")[0]);
    }

    [Fact]
    public async Task What_was_split_at_acceptance_is_not_split_again()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Mda.Forwards["ann@here.test"] = new([EnvelopeAddress.Parse("ann@there.test")], AlsoHere: true);
        var delivery = DeliveryId.New(scene.Clock);

        await scene.Spool.AcceptAsync(RelayScene.Message(scene.Clock, "carol@yonder.test", ["ann@here.test"]) with { Id = QueueId.Of(delivery, MailAcceptance.LocalPart), Delivery = delivery }, CancellationToken.None);

        await scene.EmptyAsync();
        Assert.Single(scene.Mda.Stored);
        Assert.Empty(peer.Messages);
    }

    [Fact]
    public async Task A_message_that_has_been_there_ends_in_a_report_to_the_true_sender()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Mda.Forwards["bob@here.test"] = new([EnvelopeAddress.Parse("bob@there.test")], AlsoHere: false);

        await scene.SendAsync("ann@here.test", ["bob@here.test"], "Delivered-To: bob@here.test\r\nSubject: Round\r\n\r\n");

        var report = await NotificationTests.ReportAsync(scene);
        Assert.Contains("Action: failed\r\nStatus: 5.4.6\r\n", report, StringComparison.Ordinal);
        Assert.Empty(peer.Messages);
    }

    /// <summary>Our own report needs no way over the rewritten address.</summary>
    [Fact]
    public async Task What_fails_behind_a_rewritten_sender_is_reported_to_who_stands_behind_it()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Host("yonder.test");
        scene.Mda.Forwards["bob@here.test"] = new([EnvelopeAddress.Parse("bob@there.test")], AlsoHere: false);

        await scene.SendAsync("carol@yonder.test", ["bob@here.test"]);

        await RelayScene.UntilAsync(() => peer.Messages.Count == 1);
        await scene.EmptyAsync();
        Assert.Equal("RCPT TO:<carol@yonder.test>", Assert.Single(peer.Messages[0].Rcpts));
        Assert.Contains("Original-Recipient: rfc822; bob@here.test", Encoding.UTF8.GetString(peer.Messages[0].Octets), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alias_of_several_is_told_as_expanded()
    {
        await using var peer = new SmtpPeer { Extensions = ["DSN"] };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Mda.Forwards["bob@here.test"] = new([EnvelopeAddress.Parse("bob@there.test"), EnvelopeAddress.Parse("cy@there.test")], AlsoHere: false);

        await NotificationTests.SendAsync(scene, MailRequests.None, NotificationTests.To("bob@here.test", Notify.Success | Notify.Failure));

        var report = await NotificationTests.ReportAsync(scene);
        await scene.EmptyAsync();
        Assert.Contains("Final-Recipient: rfc822; bob@here.test\r\nAction: expanded\r\n", report, StringComparison.Ordinal);
        Assert.Equal(
            ["RCPT TO:<bob@there.test> NOTIFY=FAILURE ORCPT=rfc822;bob@here.test", "RCPT TO:<cy@there.test> NOTIFY=FAILURE ORCPT=rfc822;bob@here.test"], Assert.Single(peer.Messages).Rcpts);
    }
}
