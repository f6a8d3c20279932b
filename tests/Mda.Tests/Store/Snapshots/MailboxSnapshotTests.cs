using CsCheck;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Store.Snapshots;

public sealed class MailboxSnapshotTests
{
    /// <summary>A step: how many come, which part of those that are there changes, which goes, each by a stride and an offset.</summary>
    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Frequency((3, Gen.Int[0, 3]), (1, Gen.Int[0, 900])), Gen.Int[0, 400], Gen.Int[0, 50], Gen.Int[0, 400], Gen.Int[0, 50], Gen.Bool,
        (added, changeEvery, changeFrom, removeEvery, removeFrom, removesAll) => new Step(added, changeEvery, changeFrom, removeEvery, removeFrom, removesAll && removeFrom == 7));

    [Fact]
    public void Agrees_with_a_sorted_list_after_any_changes() =>
        Steps.Array[1, 12].Sample(
            steps =>
            {
                var model = new Model();
                var snapshot = Empty();
                foreach (var step in steps)
                {
                    var before = snapshot;
                    var entriesBefore = Entries(before);
                    snapshot = SnapshotBuilding.Apply(snapshot, model.Take(step));

                    Assert.Equal(entriesBefore, Entries(before));
                    AgreesWith(model, snapshot);
                }

                return true;
            },
            iter: 300);

    [Fact]
    public void Compares_any_two_of_a_history_as_lists_do() =>
        Gen.Select(Steps.Array[2, 10], Gen.Int[0, 9], Gen.Int[0, 9]).Sample(
            (steps, first, second) =>
            {
                var model = new Model();
                var history = new List<MailboxSnapshot> { Empty() };
                foreach (var step in steps)
                    history.Add(SnapshotBuilding.Apply(history[^1], model.Take(step)));

                var older = history[Math.Min(first, second) % history.Count];
                var newer = history[Math.Max(Math.Min(first, second) % history.Count, Math.Max(first, second) % history.Count)];
                Differs(older, newer);
                // As after a reading anew: the same messages in other chunks.
                Differs(older, Copy(newer));
                return true;
            },
            iter: 300);

    [Fact]
    public void Shares_the_chunks_that_did_not_change()
    {
        var model = new Model();
        var before = SnapshotBuilding.Apply(Empty(), model.Take(new Step(2000, 0, 0, 0, 0, false)));
        var after = SnapshotBuilding.Apply(before, model.Delta(delta => delta.Change(before[700] with { Flags = MessageFlags.Seen, ModSeq = 3 })));

        Assert.Equal(
            [true, false, true, true],
            Enumerable.Range(0, 4).Select(i => ReferenceEquals(before.Chunks[i].Entries, after.Chunks[i].Entries)));
        Assert.Equal([after[700]], MailboxSnapshot.Compare(before, after).Changed);
    }

    [Fact]
    public void Leaves_nothing_of_a_message_that_came_and_went_in_one_transaction()
    {
        var before = SnapshotBuilding.Apply(Empty(), new Model().Take(new Step(3, 0, 0, 0, 0, false)));
        var delta = new MailboxDelta(new AccountId(1), new MailboxId(1), before.HighestModSeq);
        delta.Add(new MessageEntry { Uid = 4, ModSeq = 3 });
        delta.Change(new MessageEntry { Uid = 4, ModSeq = 4, Flags = MessageFlags.Deleted });
        delta.Remove(4, 5);

        var after = SnapshotBuilding.Apply(before, delta);

        Assert.Equal([1u, 2, 3], Entries(after).Select(entry => entry.Uid));
        Assert.Equal((5u, 5L), (after.UidNext, after.HighestModSeq));
    }

    [Fact]
    public void Takes_forty_octets_a_message() => Assert.Equal(40, System.Runtime.CompilerServices.Unsafe.SizeOf<MessageEntry>());

    private static MailboxSnapshot Empty() => new SnapshotBuilding().Finish(new MailboxId(1), new UidValidity(1), 1, 1);

    private static MailboxSnapshot Copy(MailboxSnapshot snapshot)
    {
        var building = new SnapshotBuilding();
        foreach (var entry in Entries(snapshot))
            building.Append(entry);
        return building.Finish(snapshot.Mailbox, snapshot.UidValidity, snapshot.UidNext, snapshot.HighestModSeq);
    }

    private static List<MessageEntry> Entries(MailboxSnapshot snapshot)
    {
        var entries = new List<MessageEntry>(snapshot.Count);
        for (var i = 0; i < snapshot.Count;)
        {
            var span = snapshot.SpanFrom(i);
            entries.AddRange(span);
            i += span.Length;
        }

        return entries;
    }

    private static void AgreesWith(Model model, MailboxSnapshot snapshot)
    {
        var entries = Entries(snapshot);
        Assert.Equal(model.Messages.Values, entries);
        Assert.Equal((model.UidNext, model.ModSeq, entries.Count), (snapshot.UidNext, snapshot.HighestModSeq, snapshot.Count));
        Assert.True(snapshot.SpanFrom(snapshot.Count).IsEmpty);
        foreach (var chunk in snapshot.Chunks)
            Assert.InRange(chunk.Count, 1, MailboxSnapshot.MaxChunk);

        for (var i = 0; i < entries.Count; i += 37)
        {
            Assert.Equal(entries[i], snapshot[i]);
            Assert.Equal(i, snapshot.IndexOf(entries[i].Uid));
        }

        for (var uid = 0u; uid <= model.UidNext; uid += 41)
        {
            Assert.Equal(entries.FindIndex(entry => entry.Uid == uid), snapshot.IndexOf(uid));
            Assert.Equal(entries.Count(entry => entry.Uid < uid), snapshot.LowerBound(uid));
        }
    }

    private static void Differs(MailboxSnapshot older, MailboxSnapshot newer)
    {
        var before = Entries(older).ToDictionary(entry => entry.Uid);
        var after = Entries(newer).ToDictionary(entry => entry.Uid);

        var difference = MailboxSnapshot.Compare(older, newer);

        Assert.Equal(before.Keys.Where(uid => !after.ContainsKey(uid)), difference.Vanished);
        Assert.Equal(after.Values.Where(entry => before.TryGetValue(entry.Uid, out var then) && then != entry), difference.Changed);
        Assert.Equal(after.Keys.Count(uid => !before.ContainsKey(uid)), difference.Appended);
    }

    private sealed record Step(int Added, int ChangeEvery, int ChangeFrom, int RemoveEvery, int RemoveFrom, bool RemovesAll);

    private sealed class Model
    {
        public SortedDictionary<uint, MessageEntry> Messages { get; } = [];

        public uint UidNext { get; private set; } = 1;

        public long ModSeq { get; private set; } = 1;

        public MailboxDelta Delta(Action<MailboxDelta> change)
        {
            var delta = new MailboxDelta(new AccountId(1), new MailboxId(1), ModSeq);
            change(delta);
            delta.Touch(++ModSeq);
            return delta;
        }

        public MailboxDelta Take(Step step) => Delta(delta =>
        {
            var modSeq = ModSeq + 1;
            foreach (var uid in Some(step.ChangeEvery, step.ChangeFrom))
            {
                Messages[uid] = Messages[uid] with { Flags = Messages[uid].Flags ^ MessageFlags.Seen, ModSeq = modSeq };
                delta.Change(Messages[uid]);
            }

            for (var i = 0; i < step.Added; i++)
            {
                Messages[UidNext] = new MessageEntry(UidNext, MessageFlags.None, 0, 100, modSeq, UidNext, 5);
                delta.Add(Messages[UidNext++]);
            }

            foreach (var uid in step.RemovesAll ? [.. Messages.Keys] : Some(step.RemoveEvery, step.RemoveFrom))
            {
                Messages.Remove(uid);
                delta.Remove(uid, modSeq);
            }
        });

        private List<uint> Some(int every, int from) => every == 0 ? [] : [.. Messages.Keys.Where((_, i) => i % every == from % every)];
    }
}
