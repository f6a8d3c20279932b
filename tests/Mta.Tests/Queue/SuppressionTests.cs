using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>Addresses that do not exist, to which nothing is sent a second time.</summary>
public sealed class SuppressionTests
{
    private static readonly EnvelopeAddress Bob = EnvelopeAddress.Parse("bob@there.test");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("550 5.1.1 No such user", "5.1.1", true)]
    [InlineData("550 5.1.2 No such system", "5.1.2", true)]
    [InlineData("553 5.1.3 Bad mailbox", "5.1.3", true)]
    [InlineData("550 5.1.6 Moved", "5.1.6", true)]
    [InlineData("556 5.1.10 Null MX", "5.1.10", true)]
    [InlineData("550 5.2.1 Disabled", "5.2.1", true)]
    [InlineData("550 5.1.4 Ambiguous", "5.1.4", false)]
    [InlineData("552 5.2.2 Full", "5.2.2", false)]
    [InlineData("554 5.7.1 Policy", "5.7.1", false)]
    [InlineData("550 whatever", "5.0.0", false)]
    [InlineData("450 4.2.1 Disabled for now", "5.2.1", false)]
    [InlineData(null, "5.1.1", false)]
    public void Is_what_a_host_says_of_a_mailbox_that_will_never_be_there(string? reply, string status, bool suppresses)
    {
        Assert.True(EnhancedStatusCode.TryReadPrefix(status, out var code));
        var outcome = RecipientOutcome.Failed(code, "Refused") with { RemoteReply = reply, IsOfRecipient = true };
        Assert.Equal(suppresses, Suppressions.IsCausedBy(outcome, ReversePath.Of(Bob)));
        Assert.False(Suppressions.IsCausedBy(outcome with { IsOfRecipient = false }, ReversePath.Of(Bob)));
        Assert.False(Suppressions.IsCausedBy(outcome, ReversePath.Null));
    }

    [Fact]
    public async Task An_address_that_its_host_does_not_know_is_not_tried_again_and_its_sender_is_told_why()
    {
        await using var peer = new SmtpPeer();
        peer.OnCommand = line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 5.1.1 No such user" : null;
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        var first = await scene.SendAsync("ann@else.test", ["bob@there.test", "carol@there.test"]);
        await RelayScene.UntilAsync(() => scene.Count("Suppressions") == 1 && scene.Journeys.Events.Any(one => one.Step == JourneyStep.Bounced));
        Assert.Equal(1, scene.Count("Suppressions", $"Address = 'bob@there.test' AND Status = '5.1.1' AND RemoteReply = '550 5.1.1 No such user' AND QueueId = '{first.Id}' AND NOT Manual"));

        var asked = peer.Commands.Count(line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal));
        var second = await scene.SendAsync("ann@else.test", ["bob@there.test"]);
        var bounced = await scene.SeeAsync(JourneyStep.Bounced, one => one.Journey == second.Journey);
        Assert.Contains("its host said that there is no such mailbox", bounced.Summary, StringComparison.Ordinal);
        Assert.Equal(asked, peer.Commands.Count(line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal)));
        Assert.Contains("RCPT TO:<carol@there.test>", peer.Commands);
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("DATA")]
    [InlineData(".")]
    public async Task A_code_for_what_is_no_recipient_is_held_against_no_recipient(string command)
    {
        await using var peer = new SmtpPeer();
        peer.OnCommand = line => line.StartsWith(command, StringComparison.Ordinal) ? "550 5.1.1 We do not know this sender" : null;
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        var sent = await scene.SendAsync("ann@else.test", ["bob@there.test"]);

        await scene.SeeAsync(JourneyStep.Bounced, one => one.Journey == sent.Journey);
        Assert.Equal(0, scene.Count("Suppressions"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_at_a_domain_that_anybody_may_send_to_by_us_is_asked_for_each_time(bool isBackup)
    {
        var there = Domain.Parse("there.test");
        await using var peer = new SmtpPeer();
        peer.OnCommand = line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 5.1.1 No such user" : null;
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => isBackup
            ? options with { Relay = options.Relay with { Routing = options.Relay.Routing with { BackupDomains = new Dictionary<Domain, BackupDomain> { [there] = new() } } } }
            : options with { TurnDomains = new Dictionary<Domain, TurnDomain> { [there] = new([], [], TryMx: true) } });
        scene.Host("there.test");

        var sent = await scene.SendAsync("ann@else.test", ["bob@there.test"]);

        await scene.SeeAsync(JourneyStep.Bounced, one => one.Journey == sent.Journey);
        Assert.Equal(0, scene.Count("Suppressions"));
    }

    [Fact]
    public async Task Switched_off_every_message_is_tried()
    {
        await using var peer = new SmtpPeer();
        peer.OnCommand = line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 5.1.1 No such user" : null;
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { Relay = options.Relay with { Suppression = false } });
        scene.Host("there.test");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var sent = await scene.SendAsync("ann@else.test", ["bob@there.test"]);
            Assert.Contains("No such user", (await scene.SeeAsync(JourneyStep.Bounced, one => one.Journey == sent.Journey)).Reason, StringComparison.Ordinal);
        }

        Assert.Equal(0, scene.Count("Suppressions"));
    }

    [Fact]
    public async Task Is_forgotten_when_its_time_is_over_unless_a_person_has_added_it()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var list = ListOf(scene);
        await scene.Store.SuppressAsync(new SuppressionEntry("bob@there.test", scene.Clock.GetUtcNow(), "5.1.1", "Unknown", "mx", "550 5.1.1 Unknown", null, null, IsManual: false), Cancellation);
        await list.AddAsync(EnvelopeAddress.Parse("carol@THERE.test"), "Left us", Cancellation);
        scene.Clock.Advance(scene.Options.Relay.KeepSuppressions - TimeSpan.FromMilliseconds(1));
        Assert.Equal(StatusCodes.NoSuchMailbox, list.Find(Bob)!.Status);
        Assert.Equal(["bob@there.test", "carol@there.test"], (await list.ListAsync(null, null, 10, Cancellation)).Select(one => one.Address));
        scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(list.Find(Bob));
        scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await scene.Store.KeepHouseAsync(Cancellation);
        Assert.Equal([("carol@there.test", null, true)], (await list.ListAsync(null, null, 10, Cancellation)).Select(one => (one.Address, one.Until, one.IsManual)));
        Assert.Equal(StatusCodes.NotAuthorized, list.Find(EnvelopeAddress.Parse("carol@there.test"))!.Status);
        Assert.Equal(["carol@there.test"], scene.Ask("SELECT Address FROM Suppressions"));
    }

    [Fact]
    public async Task Is_listed_by_page_and_part_added_removed_and_cleared_and_survives_a_restart()
    {
        var scene = await SpoolScene.OpenAsync();
        foreach (var name in new[] { "c", "a", "b", "x_y" })
            await ListOf(scene).AddAsync(EnvelopeAddress.Parse($"{name}@there.test"), new string('r', 201), Cancellation);
        scene = await scene.RestartAsync();
        await using var _ = scene;
        var list = ListOf(scene);
        Assert.NotNull(list.Find(EnvelopeAddress.Parse("a@there.test")));
        var page = await list.ListAsync(null, null, 2, Cancellation);
        Assert.Equal(["a@there.test", "b@there.test"], page.Select(one => one.Address));
        Assert.Equal(200, page[0].Reason.Length);
        Assert.Equal(["c@there.test", "x_y@there.test"], (await list.ListAsync(null, page[^1].Address, 2, Cancellation)).Select(one => one.Address));
        Assert.Equal(["x_y@there.test"], (await list.ListAsync("_", null, 2, Cancellation)).Select(one => one.Address));

        Assert.True(await list.RemoveAsync(EnvelopeAddress.Parse("a@there.test"), Cancellation));
        Assert.False(await list.RemoveAsync(EnvelopeAddress.Parse("a@there.test"), Cancellation));
        Assert.Null(list.Find(EnvelopeAddress.Parse("a@there.test")));
        Assert.NotNull(list.Find(EnvelopeAddress.Parse("b@there.test")));
        Assert.Equal(3, await list.ClearAsync(Cancellation));
        Assert.Null(list.Find(EnvelopeAddress.Parse("b@there.test")));
        await list.AddAsync(Bob, "Again", Cancellation);
        Assert.NotNull(list.Find(Bob));
    }

    [Fact]
    public async Task What_a_person_has_said_of_an_address_stays()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await ListOf(scene).AddAsync(Bob, "Asked us not to write", Cancellation);
        await scene.Store.SuppressAsync(new SuppressionEntry("bob@there.test", scene.Clock.GetUtcNow(), "5.1.1", "Unknown", null, null, null, null, IsManual: false), Cancellation);
        Assert.Equal("Asked us not to write", Assert.Single(await ListOf(scene).ListAsync(null, null, 10, Cancellation)).Reason);
    }

    /// <summary>What was taken for it would have to be returned, to whoever is named as its sender.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_refused_where_anybody_may_send_to_its_domain_too(bool mayRelay)
    {
        await using var scene = await SpoolScene.OpenAsync();
        await ListOf(scene).AddAsync(Bob, "There is nobody", Cancellation);
        var options = scene.Options with { TurnDomains = new Dictionary<Domain, TurnDomain> { [Domain.Parse("there.test")] = new TurnDomain([], [], TryMx: true) } };
        var policy = new RecipientPolicy(
            new FakeMailboxes(), new SenderRewriting(options, new SrsKeys(options), scene.Clock), new BackupRecipients(options, null!, scene.Clock, NullLogger<BackupRecipients>.Instance), ListOf(scene), options);

        Assert.IsType<RecipientRuling.Refuse>(await policy.JudgeAsync(Bob, mayRelay, Cancellation));
        Assert.IsType<RecipientRuling.Relay>(await policy.JudgeAsync(EnvelopeAddress.Parse("carol@there.test"), mayRelay, Cancellation));
    }

    [Theory]
    [InlineData(SuppressedAddresses.MaxAddresses, false)]
    [InlineData(SuppressedAddresses.MaxAddresses + 1, true)]
    public void Beyond_what_there_is_room_for_the_disk_is_asked(int addresses, bool asks)
    {
        var set = new SuppressedAddresses();
        Assert.False(set.MayContain(() => throw new InvalidOperationException("There is nothing to look for.")));
        set.Load(Enumerable.Range(0, addresses).Select(i => $"{i}"));
        Assert.Equal(asks, set.MayContain(() => "nobody@there.test"));
        set.Add("0");
        Assert.Equal(asks, set.MayContain(() => "nobody@there.test"));
        set.Add("one more");
        Assert.True(set.MayContain(() => "nobody@there.test"));
    }

    private static Suppressions ListOf(SpoolScene scene) => new(scene.Options.Relay, scene.Store, scene.Clock);
}
