using System.Collections.Concurrent;
using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Store;

/// <summary>The same as <see cref="StoreCrashTests"/> for what clients do: copies of the files, taken inside the writer's turn while a group is half done.</summary>
public sealed class MessageStoreCrashTests
{
    private const int Crashes = 6;
    private const int Clients = 8;

    private static readonly SpecialUse[] Boxes = [SpecialUse.Inbox, SpecialUse.Archive];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Has_after_a_crash_at_any_instant_each_message_where_its_client_was_told_or_where_it_was_about_to_be()
    {
        await using var scene = new MdaScene(options => options with { LargeMessageOctets = 300 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var ledger = new Ledger([(await scene.MailboxAsync(ann, Boxes[0])).Id, (await scene.MailboxAsync(ann, Boxes[1])).Id]);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => WorkAsync(scene, ledger, client, stop.Token), Cancellation)).ToList();

        for (var crash = 0; crash < Crashes; crash++)
        {
            using var wreck = new TempDirectory();
            var seen = ledger.Answers;
            await MdaScene.UntilAsync(() => ledger.Answers >= seen + 150 || clients.Any(client => client.IsFaulted));
            var promised = await scene.Store.WriteAsync(_ => CopyFiles(scene.Directory, wreck.Path, ledger), takesSpace: false, Cancellation);

            await using var restarted = new MdaScene(options => options with { LargeMessageOctets = 300 }, wreck.Path);
            await JudgeAsync(restarted, promised, ledger.Mailboxes);
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
    }

    private static async Task WorkAsync(MdaScene scene, Ledger ledger, int client, CancellationToken stop)
    {
        var store = scene.Services.GetRequiredService<MessageStore>();
        var random = new Random(client);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var subject = $"{client}/{i}";
            var line = new Line(ledger, subject);
            var message = await MessageStoreTests.StagedAsync(scene, subject + new string('x', random.Next(10) == 0 ? 400 : 0));
            uint?[] uids = new uint?[2];
            await line.DoAsync(new Place(1, 0, false, false), async () => uids[0] = ledger.Told(0, (await store.AppendAsync(ledger.Mailboxes[0], [message], Cancellation)).Uids[0]));

            for (var step = random.Next(6); step > 0; step--)
            {
                var from = random.Next(2);
                if (uids[from] is not { } uid)
                    continue;
                var place = line.Now;
                var source = ledger.Mailboxes[from];
                var target = ledger.Mailboxes[1 - from];
                switch (random.Next(4))
                {
                    case 0:
                        await line.DoAsync(from == 0 ? place with { FlaggedA = true } : place with { FlaggedB = true }, () => store.StoreFlagsAsync(source, [uid], new FlagChange(FlagChangeMode.Add, MessageFlags.Flagged, [$"k{client}"]), null, Cancellation).AsTask());
                        break;
                    case 1 when uids[1 - from] is null:
                        await line.DoAsync(new Place(1, 1, place.FlaggedA || place.FlaggedB, place.FlaggedA || place.FlaggedB), async () => uids[1 - from] = ledger.Told(1 - from, (await store.CopyAsync(source, [uid], target, Cancellation)).Targets[0]));
                        break;
                    case 2 when uids[1 - from] is null:
                        await line.DoAsync(new Place(place.B, place.A, place.FlaggedB, place.FlaggedA), async () => uids[1 - from] = ledger.Told(1 - from, (await store.MoveAsync(source, [uid], target, Cancellation)).Targets[0]));
                        uids[from] = null;
                        break;
                    case 3:
                        await line.DoAsync(from == 0 ? place with { A = 0, FlaggedA = false } : place with { B = 0, FlaggedB = false }, () => store.ExpungeAsync(source, [uid], onlyDeleted: false, Cancellation).AsTask());
                        uids[from] = null;
                        break;
                }
            }
        }
    }

    /// <summary>The WAL before the database: only the writer folds it back, and the writer is where this runs.</summary>
    private static Promise CopyFiles(string from, string to, Ledger ledger)
    {
        var promise = ledger.Promised();
        foreach (var name in new[] { "mda.db-wal", "mda.db" })
            File.Copy(Path.Combine(from, name), Path.Combine(to, name), overwrite: true);
        return promise;
    }

    private static async Task JudgeAsync(MdaScene scene, Promise promised, IReadOnlyList<MailboxId> boxes)
    {
        await scene.Store.OpenAsync();
        await using var tables = scene.OpenTables();
        var messages = tables.Messages.Join(tables.Bodies, message => message.BodyId, body => body.Id, (message, body) => new Found(message.MailboxId, message.Uid, message.ModSeq, message.Flags, message.Octets, body.Subject)).ToList();
        var found = messages.GroupBy(message => message.Subject.TrimEnd('x'), StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => new Place(In(group, 0), In(group, 1), IsFlagged(group, 0), IsFlagged(group, 1)), StringComparer.Ordinal);
        foreach (var (subject, (told, next)) in promised.Places)
        {
            var place = found.GetValueOrDefault(subject);
            Assert.True(place == told || place == next, $"{subject} is at {place}; its client was told {told} and was about to make it {next}");
        }

        Assert.Empty(found.Keys.Except(promised.Places.Keys, StringComparer.Ordinal));
        for (var i = 0; i < boxes.Count; i++)
        {
            var row = tables.Mailboxes.Single(mailbox => mailbox.Id == boxes[i].Value);
            var there = messages.Where(message => message.MailboxId == row.Id).ToList();
            Assert.True(row.UidNext > promised.Uids[i]);
            Assert.True(row.HighestModSeq >= promised.ModSeqs[i]);
            Assert.True(there.All(message => message.Uid < row.UidNext && message.ModSeq <= row.HighestModSeq));
            Assert.Equal(
                (there.Count, there.Sum(message => message.Octets), there.Count(message => (message.Flags & (int)MessageFlags.Seen) == 0)),
                ((int)row.Messages, row.Octets, (int)row.Unseen));
            using var open = await scene.Store.Open.OpenAsync(boxes[i], Cancellation);
            Assert.Equal(there.Select(message => (uint)message.Uid).Order(), Enumerable.Range(0, open!.Current.Count).Select(index => open.Current[index].Uid));
            var appending = await scene.Services.GetRequiredService<MessageStore>().AppendAsync(boxes[i], [await MessageStoreTests.StagedAsync(scene, "after")], Cancellation);
            Assert.Equal(row.UidNext, appending.Uids[0]);
        }

        Assert.All(tables.Bodies.ToList(), body => Assert.Equal(body.Refs, tables.Messages.Count(message => message.BodyId == body.Id)));

        int In(IEnumerable<Found> group, int box) => group.Count(message => message.MailboxId == boxes[box].Value);

        bool IsFlagged(IEnumerable<Found> group, int box) => group.Any(message => message.MailboxId == boxes[box].Value && (message.Flags & (int)MessageFlags.Flagged) != 0);
    }

    /// <summary>How often a message is in each mailbox, and whether it is flagged there.</summary>
    private readonly record struct Place(int A, int B, bool FlaggedA, bool FlaggedB);

    private sealed record Found(long MailboxId, long Uid, long ModSeq, int Flags, long Octets, string Subject);

    private sealed record Promise(Dictionary<string, (Place Told, Place Next)> Places, uint[] Uids, long[] ModSeqs);

    private sealed class Ledger(IReadOnlyList<MailboxId> mailboxes)
    {
        private readonly uint[] _uids = new uint[2];
        private readonly Lock _lock = new();
        private int _answers;

        public IReadOnlyList<MailboxId> Mailboxes => mailboxes;

        public int Answers => Volatile.Read(ref _answers);

        public ConcurrentDictionary<string, Tuple<Place, Place>> Places { get; } = new(StringComparer.Ordinal);

        public uint Told(int box, uint uid)
        {
            lock (_lock)
                _uids[box] = Math.Max(_uids[box], uid);
            return uid;
        }

        public void Answered() => Interlocked.Increment(ref _answers);

        public Promise Promised()
        {
            lock (_lock)
                return new Promise(Places.ToDictionary(place => place.Key, place => (place.Value.Item1, place.Value.Item2), StringComparer.Ordinal), [.. _uids], [.. _uids.Select(uid => (long)uid)]);
        }
    }

    /// <summary>What one client knows of one message.</summary>
    private sealed class Line(Ledger ledger, string subject)
    {
        public Place Now { get; private set; }

        public async Task DoAsync(Place next, Func<Task> change)
        {
            ledger.Places[subject] = Tuple.Create(Now, next);
            await change();
            Now = next;
            ledger.Places[subject] = Tuple.Create(next, next);
            ledger.Answered();
        }
    }
}
