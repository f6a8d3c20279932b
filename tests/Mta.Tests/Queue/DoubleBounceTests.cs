using System.Text;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>Mail with a null reverse-path that cannot be delivered: no sender hears of it (RFC 5321 §4.5.5), the postmaster once, and there it ends.</summary>
public sealed class DoubleBounceTests
{
    [Fact]
    public async Task The_postmaster_hears_of_it_once_with_the_words_of_the_host_and_the_message()
    {
        await using var peer = Refusing();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await scene.SendAsync("", ["bob@there.test"]);

        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count > 0);
        await scene.EmptyAsync();
        var (recipient, octets) = Assert.Single(scene.Mda.Stored);
        var text = Encoding.UTF8.GetString(octets);
        Assert.Equal("postmaster@here.test", recipient);
        Assert.Contains("Subject: Undeliverable report to bob@there.test: Hello", text, StringComparison.Ordinal);
        Assert.Contains("no sender to be told", text, StringComparison.Ordinal);
        Assert.Contains("550 5.1.1 no", text, StringComparison.Ordinal);
        Assert.Contains("How are you?", text, StringComparison.Ordinal);
        Assert.Contains("Action: failed", text, StringComparison.Ordinal);
        var bounced = await scene.SeeAsync(JourneyStep.Bounced);
        Assert.Contains("so postmaster@here.test is told", bounced.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_message_there_are_a_report_and_a_report_of_that_and_no_more()
    {
        await using var peer = Refusing();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Mda.OnDelivery = _ => new LocalDeliveryOutcome.Refused(StatusCodes.MailboxFull, "The mailbox is full.");

        await scene.SendAsync("eve@there.test", ["bob@there.test"]);

        await RelayScene.UntilAsync(() => scene.Count("Recipients", "State = 4") == 1);
        Assert.Equal(1, scene.Count("Messages"));
        Assert.Equal(1, scene.Count("Recipients", "Address = 'postmaster@here.test'"));
        // The message, its report, and the report of that.
        Assert.Equal(3, scene.Journeys.Events.Where(one => one.Step is JourneyStep.Queued).Select(one => one.Journey).Distinct().Count());
        Assert.Contains(scene.Journeys.Events, one => one.Step == JourneyStep.Bounced && one.Summary.Contains("Nobody is told", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("chief@there.test")]
    [InlineData("CHIEF@there.test")]
    public async Task Ends_as_well_where_an_address_elsewhere_is_told(string told)
    {
        await using var peer = Refusing();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { Relay = options.Relay with { DoubleBounceAddress = EnvelopeAddress.Parse(told) } });
        scene.Host("there.test");

        await scene.SendAsync("", ["chief@there.test", "bob@there.test"]);

        // Of the chief's own copy nobody is told; the report of bob's fails at the chief's host and is kept.
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "State = 4") == 2);
        Assert.Equal(2, scene.Count("Messages"));
        Assert.Equal(1, scene.Count("Recipients", "State = 3"));
    }

    /// <summary>An alias sends the postmaster's mail on: the copy has another recipient, and the old one in ORCPT.</summary>
    [Fact]
    public async Task Ends_as_well_where_the_postmasters_mail_is_forwarded()
    {
        await using var peer = Refusing();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        var message = RelayScene.Message(scene.Clock, "", []);
        var copy = new EnvelopeRecipient(EnvelopeAddress.Parse("chief@there.test")) { OriginalRecipient = OriginalRecipient.Of(scene.Mda.Postmaster) };

        await scene.Spool.AcceptAsync(message with { Recipients = [new SpooledRecipient(copy, null)] }, CancellationToken.None);

        await RelayScene.UntilAsync(() => scene.Count("Recipients", "State = 4") == 1);
        Assert.Equal(1, scene.Count("Messages"));
        Assert.Empty(scene.Mda.Stored);
    }

    [Fact]
    public async Task Is_made_after_a_crash_that_came_before_it()
    {
        using var disk = new TempDirectory();
        await using (var first = await RelayScene.StartAsync(1, runQueue: false))
        {
            await first.SendAsync("", ["bob@here.test"], failure: new RecipientFailure(StatusCodes.MailboxFull, "The mailbox is full."));
            Assert.Equal(1, first.Count("Recipients", "State = 2"));
            CrashCopy.Make(first.DataDirectory, disk.Path);
        }

        await using var second = await RelayScene.StartAsync(1, directory: disk);

        await RelayScene.UntilAsync(() => second.Mda.Stored.Count > 0);
        await second.EmptyAsync();
        Assert.Equal("postmaster@here.test", Assert.Single(second.Mda.Stored).Recipient);
    }

    private static SmtpPeer Refusing() => new() { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
}
