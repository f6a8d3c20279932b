using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Tests.Spool;

public sealed class SpoolStoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100)]
    [InlineData(1024 * 1024)]
    [InlineData((1024 * 1024) + 1)]
    public async Task Has_everything_after_a_crash_that_follows_the_acceptance(int octets)
    {
        var scene = await SpoolScene.OpenAsync();
        var message = scene.Message(octets, "bob@there.test", "\"b o b\"@there.test", "cy@[127.0.0.1]", "dör@bücher.test");
        await scene.Store.AcceptAsync(message, Cancel);

        await using var restarted = await scene.RestartAsync();

        var entries = restarted.Due();
        Assert.Equal(["[127.0.0.1]", "there.test", "xn--bcher-kva.test"], entries.Select(entry => entry.Destination));
        var found = entries.Select(restarted.Load).ToList();
        Assert.All(found, one => Assert.Equal(
            (message.Id, message.Journey, message.ReversePath, message.Body, message.SmtpUtf8, message.AcceptedAt.ToUnixTimeMilliseconds()),
            (one.Id, one.Journey, one.ReversePath, one.Body, one.SmtpUtf8, one.AcceptedAt.ToUnixTimeMilliseconds())));
        Assert.Equal(message.Recipients.Select(one => one.Address).ToHashSet(), found.SelectMany(one => one.Recipients).Select(one => one.Address).ToHashSet());
        Assert.Equal(await OctetsAsync(message.Content), await OctetsAsync(found[0].Content));
        // In one place only.
        Assert.Equal(octets > 1024 * 1024 ? 1 : 0, Directory.Exists(restarted.BodyFolder) ? Directory.GetFiles(restarted.BodyFolder).Length : 0);
        Assert.Equal(octets > 1024 * 1024, !found[0].Content.TryGetMemory(out _));
    }

    [Theory]
    [InlineData(SpecialUse.Inbox)]
    [InlineData(SpecialUse.Junk)]
    public async Task Has_the_mailbox_that_it_is_for_after_a_crash(SpecialUse into)
    {
        var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message() with { Into = into }, Cancel);

        await using var restarted = await scene.RestartAsync();

        Assert.Equal(into, restarted.Load(Assert.Single(restarted.Due())).Into);
    }

    [Fact]
    public async Task Has_what_the_parameters_asked_after_a_crash()
    {
        var scene = await SpoolScene.OpenAsync();
        var at = DateTimeOffset.FromUnixTimeMilliseconds(scene.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        var requests = new MailRequests { EnvelopeId = "a+b; c", Return = ReturnContent.Headers, DeliverBy = new DeliverBy(at.AddHours(1), Returns: true, Traces: true), Priority = -4, Hold = new FutureRelease(at.AddSeconds(-1), "for;1") };
        var recipient = new EnvelopeRecipient(EnvelopeAddress.Parse("bob@there.test"))
        {
            Notify = Notify.Success | Notify.Delay, OriginalRecipient = new OriginalRecipient("utf-8", "dör;k@bücher.test"), Route = [Domain.Parse("relay.test"), Domain.Parse("bücher.test")],
        };
        await scene.Store.AcceptAsync(scene.Message() with { Requests = requests, Recipients = [new SpooledRecipient(recipient, null)] }, Cancel);
        await scene.Store.AcceptAsync(scene.Message(recipients: "cy@other.test"), Cancel);

        await using var restarted = await scene.RestartAsync();

        var entries = restarted.Due();
        Assert.Equal(["other.test", "relay.test"], entries.Select(entry => entry.Destination).Order(StringComparer.Ordinal));
        var asked = restarted.Load(entries.Single(entry => entry.Destination == "relay.test"));
        Assert.Equal((requests, recipient), (asked.Requests, asked.Recipients[0].Recipient));
        var silent = restarted.Load(entries.Single(entry => entry.Destination == "other.test"));
        Assert.Same(MailRequests.None, silent.Requests);
        Assert.Equal(new EnvelopeRecipient(EnvelopeAddress.Parse("cy@other.test")), silent.Recipients[0].Recipient);
    }

    [Fact]
    public async Task Finds_what_is_urgent_apart_from_the_rest()
    {
        await using var scene = await SpoolScene.OpenAsync();
        foreach (var (priority, address) in new (int?, string)[] { (null, "a@a.test"), (0, "b@b.test"), (-9, "c@c.test"), (1, "d@d.test"), (9, "e@e.test") })
            await scene.Store.AcceptAsync(scene.Message(recipients: address) with { Requests = new MailRequests { Priority = priority } }, Cancel);

        Assert.Equal([0, 0, -9, 1, 9], scene.Due().Select(entry => entry.Priority));
        Assert.Equal(["d.test", "e.test"], scene.Store.Reader.Due(DuePlace.Start, scene.Clock.GetUtcNow(), 10, urgent: true).Select(due => due.Entry.Destination));
        // However an entry is read it is the same one, or a message under way could be started once more.
        Assert.All(scene.Due(), entry => Assert.Equal([entry], scene.Store.Reader.DueFor(entry.Destination, scene.Clock.GetUtcNow())));
        Assert.All(scene.Due(), entry =>
        {
            var round = new SenderRound();
            Assert.Equal([(entry, entry.Sender, entry.Priority)], scene.Store.Reader.DueInTurn(entry.Destination, scene.Clock.GetUtcNow(), round, _ => true, 10, out var isAll).Select(one => (one, one.Sender, one.Priority)));
            Assert.True(isAll);
        });
    }

    /// <summary>A list's messages have a sender each; a reading that never came to the end was begun again for ever.</summary>
    [Theory]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(2500)]
    public async Task Looking_through_many_senders_of_whom_nothing_is_due_comes_to_an_end(int senders)
    {
        await using var scene = await SpoolScene.OpenAsync();
        LongQueueTests.Fill(scene, senders);
        scene.Execute($"UPDATE Recipients SET Destination = 'there.test', Sender = MessageId, NextAttemptAt = {(scene.Clock.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds()}");
        foreach (var start in new[] { long.MinValue, 700 })
        {
            var round = new SenderRound { Turn = start };
            var readings = 1;
            for (; readings <= 6; readings++)
            {
                Assert.Empty(scene.Store.Reader.DueInTurn("there.test", scene.Clock.GetUtcNow(), round, _ => true, 10, out var isAll));
                if (isAll)
                    break;
            }

            Assert.InRange(readings, 1, (senders / 1000) + 2);
        }

        // Somebody in the middle is found wherever a round begins.
        scene.Execute("UPDATE Recipients SET NextAttemptAt = 1 WHERE MessageId = 650");
        var last = new SenderRound { Turn = 700 };
        var found = Enumerable.Range(0, 5).Select(_ => scene.Store.Reader.DueInTurn("there.test", scene.Clock.GetUtcNow(), last, _ => true, 10, out var _)).First(entries => entries.Count > 0);
        Assert.Equal(650, Assert.Single(found).MessageKey);
    }

    [Fact]
    public async Task Gives_the_MDA_the_same_delivery_id_after_a_crash()
    {
        var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(), Cancel);
        var before = scene.Load(scene.Due()[0]).Delivery;

        await using var restarted = await scene.RestartAsync();

        Assert.Equal(before, restarted.Load(restarted.Due()[0]).Delivery);
    }

    [Fact]
    public async Task Gives_the_MDA_the_id_of_the_hand_over_where_there_is_one()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var id = DeliveryId.New(scene.Clock);

        await scene.Store.AcceptAsync(scene.Message() with { Delivery = id }, Cancel);

        Assert.Equal(id, scene.Load(scene.Due()[0]).Delivery);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2_000_000)]
    public async Task Takes_one_message_however_often_it_is_handed_over(int octets)
    {
        var scene = await SpoolScene.OpenAsync();
        var message = scene.Message(octets);
        await scene.Store.AcceptAsync(message, Cancel);
        await scene.Store.AcceptAsync(message, Cancel);
        Assert.Single(scene.Due());
        Assert.Single(scene.Journeys.Events);

        var queued = scene.Load(scene.Due()[0]);
        await scene.Store.SettleAsync(queued, [Delivered(queued.Recipients[0])]);
        await using var restarted = await scene.RestartAsync();
        await restarted.Store.AcceptAsync(message, Cancel);
        Assert.Empty(restarted.Due());

        restarted.Clock.Advance(TimeSpan.FromDays(6.9));
        await restarted.Store.KeepHouseAsync(Cancel);
        await restarted.Store.AcceptAsync(message, Cancel);
        Assert.Empty(restarted.Due());

        restarted.Clock.Advance(TimeSpan.FromDays(0.2));
        await restarted.Store.KeepHouseAsync(Cancel);
        await restarted.Store.AcceptAsync(message, Cancel);
        Assert.Single(restarted.Due());
    }

    [Fact]
    public async Task Forgets_a_message_and_its_file_with_its_last_recipient()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(2_000_000, "bob@there.test", "cy@there.test"), Cancel);
        var message = scene.Load(scene.Due()[0]);

        await scene.Store.SettleAsync(message, [Delivered(message.Recipients[0])]);
        Assert.Single(Directory.GetFiles(scene.BodyFolder));
        Assert.Equal("cy@there.test", Assert.Single(scene.Load(scene.Due()[0]).Recipients).Address.ToString());

        await scene.Store.SettleAsync(message, [Delivered(message.Recipients[1])]);
        Assert.Empty(Directory.GetFiles(scene.BodyFolder));
        Assert.Empty(scene.Due());
    }

    [Fact]
    public async Task Refuses_to_settle_a_recipient_twice()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(100, "bob@there.test", "cy@there.test"), Cancel);
        var message = scene.Load(scene.Due()[0]);
        await scene.Store.SettleAsync(message, [Delivered(message.Recipients[0])]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => scene.Store.SettleAsync(message, [Delivered(message.Recipients[1]), Delivered(message.Recipients[0])]));

        // All or nothing.
        Assert.Single(scene.Load(scene.Due()[0]).Recipients);
    }

    [Fact]
    public async Task Sweeps_a_body_whose_message_was_never_accepted()
    {
        var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(2_000_000), Cancel);
        var orphan = Path.Combine(scene.BodyFolder, QueueId.New(scene.Clock).Value);
        await File.WriteAllTextAsync(orphan, "half a mess", Cancel);
        await File.WriteAllTextAsync(Path.Combine(scene.BodyFolder, "notes.txt"), "not ours", Cancel);

        await using var restarted = await scene.RestartAsync();

        Assert.Equal(2, Directory.GetFiles(restarted.BodyFolder).Length);
        Assert.Equal(2_000_000, (await OctetsAsync(restarted.Load(restarted.Due()[0]).Content)).Length);
    }

    [Fact]
    public async Task Takes_several_messages_or_none_of_them()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await using (var other = new SqliteConnection($"Data Source={scene.Database};Pooling=False"))
        {
            other.Open();
            await using var transaction = other.BeginTransaction(deferred: false);
            await Assert.ThrowsAsync<SpoolUnavailableException>(() => scene.Store.AcceptAsync([scene.Message(2_000_000), scene.Message(), scene.Message(2_000_000)], Cancel).AsTask());
        }

        Assert.Empty(scene.Due());
        Assert.Empty(Directory.GetFiles(scene.BodyFolder));
        Assert.Empty(scene.Journeys.Events);

        // The second cannot be written: the first goes with it.
        var wrong = scene.Message();
        scene.Execute($"CREATE TRIGGER refuse BEFORE INSERT ON Messages WHEN NEW.QueueId = '{wrong.Id}' BEGIN SELECT RAISE(ABORT, 'no'); END");
        await Assert.ThrowsAsync<SpoolUnavailableException>(() => scene.Store.AcceptAsync([scene.Message(2_000_000), wrong], Cancel).AsTask());
        Assert.Empty(scene.Due());
        Assert.Empty(Directory.GetFiles(scene.BodyFolder));

        SpooledMessage[] good = [scene.Message(2_000_000), scene.Message()];
        await scene.Store.AcceptAsync(good, Cancel);
        await scene.Store.AcceptAsync(good, Cancel);
        Assert.Equal(2, scene.Due().Count);
        Assert.Single(Directory.GetFiles(scene.BodyFolder));
        Assert.Equal(2, scene.Journeys.Events.Count);
    }

    [Fact]
    public async Task Sends_a_recipients_mail_elsewhere_in_one_commit()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(2_000_000), Cancel);
        var message = scene.Load(Assert.Single(scene.Due()));
        var copy = scene.Message(2_000_000, "bob@elsewhere.test");
        var settlement = new Settlement(message.Recipients[0].Key, RecipientState.Delivered, RecipientOutcome.InMailbox(expanded: false), null, Tried: true);

        await using (var other = new SqliteConnection($"Data Source={scene.Database};Pooling=False"))
        {
            other.Open();
            await using var transaction = other.BeginTransaction(deferred: false);
            await Assert.ThrowsAsync<SpoolUnavailableException>(() => scene.Store.ForwardAsync(message, [settlement], [copy], Cancel));
        }

        Assert.Equal(message.Id, scene.Load(Assert.Single(scene.Due())).Id);
        await scene.Store.ForwardAsync(message, [settlement], [copy], Cancel);

        await using var next = await scene.RestartAsync();
        var left = next.Load(Assert.Single(next.Due()));
        Assert.Equal((copy.Id, "bob@elsewhere.test"), (left.Id, left.Recipients[0].Address.ToString()));
        Assert.Single(Directory.GetFiles(next.BodyFolder));
    }

    [Fact]
    public async Task Says_that_it_is_locked_when_another_program_holds_the_database()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await using (var other = new SqliteConnection($"Data Source={scene.Database};Pooling=False"))
        {
            other.Open();
            await using var transaction = other.BeginTransaction(deferred: false);
            var error = await Assert.ThrowsAsync<SpoolUnavailableException>(() => scene.Store.AcceptAsync(scene.Message(2_000_000), Cancel).AsTask());
            Assert.Equal(StatusCodes.SystemTemporary, error.Status);
        }

        Assert.Empty(scene.Due());
        Assert.Empty(Directory.GetFiles(scene.BodyFolder));
        Assert.Empty(scene.Journeys.Events);
        await scene.Store.AcceptAsync(scene.Message(), Cancel);
        Assert.Single(scene.Due());
    }

    [Fact]
    public async Task Leaves_no_file_of_a_body_that_cannot_be_read_to_its_end()
    {
        await using var scene = await SpoolScene.OpenAsync();

        var error = await Assert.ThrowsAsync<SpoolUnavailableException>(
            () => scene.Store.AcceptAsync(scene.Message() with { Content = new FileContent(scene.Database + ".nowhere", 2_000_000) }, Cancel).AsTask());

        Assert.Equal(StatusCodes.SystemTemporary, error.Status);
        Assert.Empty(Directory.GetFiles(scene.BodyFolder));
        Assert.Empty(scene.Due());
    }

    [Fact]
    public async Task Tells_the_journey_after_the_commit()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var message = scene.Message();

        await scene.Store.AcceptAsync(message, Cancel);

        var queued = Assert.Single(scene.Journeys.Events);
        Assert.Equal((message.Journey, JourneyStep.Queued, message.Id.Value), (queued.Journey, queued.Step, queued.Facts?.QueueId));
    }

    [Fact]
    public async Task Takes_many_at_once()
    {
        await using var scene = await SpoolScene.OpenAsync();

        await Parallel.ForAsync(0, 500, Cancel, async (_, token) => await scene.Store.AcceptAsync(scene.Message(), token));

        Assert.Equal(500, scene.Due().Count);
    }

    [Fact]
    public void Never_gives_a_number_on_disk_a_new_meaning()
    {
        Assert.Equal("Waiting=0 Delivered=1 Failed=2 Reported=3 Undeliverable=4 DeliveredUntold=5 RelayedUntold=6 ExpandedUntold=7 FailedSilently=8 Held=9 Dropped=10", Numbers<RecipientState>());
        Assert.Equal("SevenBit=0 EightBitMime=1 Binary=2", Numbers<BodyType>());
        Assert.Equal("Unspecified=0 Never=1 Success=2 Failure=4 Delay=8", Numbers<Notify>());
        Assert.Equal("Full=0 Headers=1", Numbers<ReturnContent>());
        Assert.Equal("None=0 Slow=1 DeadlinePassed=2", Numbers<DelayWarnings>());

        static string Numbers<T>() where T : struct, Enum => string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value, null)}"));
    }

    [Fact]
    public void Tells_a_full_disk_from_other_troubles_with_files()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has a file that is always full");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);

        var error = Assert.Throws<IOException>(() => full.Write([1, 2, 3]));

        Assert.True(DiskFull.Caused(error));
        Assert.False(DiskFull.Caused(new FileNotFoundException()));
    }

    private static Settlement Delivered(QueuedRecipient recipient) =>
        new(recipient.Key, RecipientState.Delivered, new RecipientOutcome(OutcomeKind.Delivered, StatusCodes.Ok, "It is there."), null, true);

    private static async Task<byte[]> OctetsAsync(IMessageContent content)
    {
        using var octets = new MemoryStream();
        await using var stream = content.OpenRead();
        await stream.CopyToAsync(octets, Cancel);
        return octets.ToArray();
    }
}
