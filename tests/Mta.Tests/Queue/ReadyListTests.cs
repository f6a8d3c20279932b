using CsCheck;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Content;

namespace MailSuite.Mta.Tests.Queue;

public sealed class ReadyListTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly AttemptResult Answered = AttemptResult.Nothing with { Host = HostFeedback.Answered };
    private static readonly AttemptResult Failed = AttemptResult.Nothing with { Host = HostFeedback.Failed, Error = "no answer" };

    private readonly List<Ready> _forgotten = [];
    private readonly Dictionary<string, DateTimeOffset> _dead = [];

    [Fact]
    public void Serves_destinations_in_turn()
    {
        var list = List();
        Add(list, E(1, "a"), E(2, "a"), E(3, "a"), E(4, "b"), E(5, "c"));

        Assert.Equal([1, 4, 5, 2, 3], Keys(TakeAll(list)));
    }

    [Fact]
    public void Serves_the_senders_of_a_destination_in_turn()
    {
        var list = List();
        Add(list, E(1, "a", sender: 1), E(2, "a", sender: 1), E(3, "a", sender: 1), E(4, "a", sender: 2), E(5, "a", sender: 3), E(6, "a", sender: 2));

        Assert.Equal([1, 4, 5, 2, 6], Keys(TakeAll(list)));
    }

    [Fact]
    public void Who_comes_later_waits_for_one_turn_and_not_for_all_that_another_has_sent()
    {
        var list = List(capacity: 1000, laneCapacity: 1000, perLane: 2);
        for (var i = 1; i <= 500; i++)
            Add(list, E(i, "a", sender: 1));
        var running = TakeAll(list);
        Add(list, E(1000, "a", sender: 2));

        list.Done(running[0], Answered, _forgotten);
        list.Done(running[1], Answered, _forgotten);
        Assert.Contains(1000, Keys(TakeAll(list)));
    }

    [Fact]
    public void Goes_past_a_destination_that_has_all_its_places()
    {
        var list = List(perLane: 2);
        Add(list, E(1, "a"), E(2, "a"), E(3, "a"), E(4, "b"));

        var taken = TakeAll(list);
        Assert.Equal([1, 4, 2], Keys(taken));
        list.Done(taken[2], Answered, _forgotten);
        Assert.Equal([3], Keys(TakeAll(list)));
    }

    [Fact]
    public void Begins_with_five_at_once_grows_by_one_with_each_round_of_successes_and_shrinks_by_one_with_each_failure()
    {
        var list = List(perLane: 7, laneCapacity: 100);
        for (var i = 1; i <= 100; i++)
            Add(list, E(i, "a"));
        var running = new Queue<Ready>(TakeAll(list));
        Assert.Equal(5, running.Count);

        Succeed(5);
        Assert.Equal(6, running.Count);
        Succeed(6);
        Assert.Equal(7, running.Count);
        Succeed(20);
        Assert.Equal(7, running.Count);
        for (var left = 6; left >= 1; left--)
        {
            list.Done(running.Dequeue(), Failed, _forgotten);
            TakeAll(list).ForEach(running.Enqueue);
            Assert.Equal(left, running.Count);
        }

        list.Done(running.Dequeue(), Failed, _forgotten);
        TakeAll(list).ForEach(running.Enqueue);
        Assert.Single(running);
        Assert.Equal((1, "no answer"), (list.States(1)[0].Concurrency, list.States(1)[0].LastError));

        void Succeed(int times)
        {
            for (var i = 0; i < times; i++)
            {
                list.Done(running.Dequeue(), Answered, _forgotten);
                TakeAll(list).ForEach(running.Enqueue);
            }
        }
    }

    [Fact]
    public void Obeys_the_limit_of_a_next_hop_and_counts_all_its_destinations_against_it()
    {
        var list = new ReadyList(new ReadyLimits(100, 100, 100, 100, 20), ready => ready.Entry.Destination == "own" ? new LaneKey("own", null) : new LaneKey("smarthost", 2), _ => null);
        Add(list, E(1, "a"), E(2, "b"), E(3, "c"), E(4, "own"));

        Assert.Equal([1, 4, 2], Keys(TakeAll(list)));
    }

    [Fact]
    public void Leaves_a_dead_destination_alone_and_then_tries_it_with_one()
    {
        var list = List(perLane: 20);
        for (var i = 1; i <= 10; i++)
            Add(list, E(i, "a"));
        Add(list, new Ready(E(11, "a"), Fresh()));
        var running = TakeAll(list);

        var lane = list.Done(running[0], Failed with { DeadUntil = Now.AddMinutes(1), IsOpen = true }, _forgotten);
        Assert.Equal("a", lane!.Name);
        Assert.Equal(6, _forgotten.Count);
        Assert.Equal(0, list.Waiting);
        Assert.Equal(Now.AddMinutes(1), list.NextWake);
        foreach (var other in running.Skip(1))
            list.Done(other, Failed with { IsOpen = true }, _forgotten);

        Assert.Equal(Admission.LaneDead, list.TryAdd(new Ready(E(12, "a"), null)));
        Assert.False(list.TryHungry(out _, out _, out _));
        list.Wake(Now.AddSeconds(59));
        Assert.False(list.TryHungry(out _, out _, out _));

        list.Wake(Now.AddMinutes(1));
        Assert.True(list.TryHungry(out var hungry, out var destination, out var room));
        Assert.Equal(("a", 1), (destination, room));
        list.Fed(hungry, destination, [E(1, "a")], isAll: false);
        var probe = Assert.Single(TakeAll(list));
        Assert.False(list.TryHungry(out _, out _, out _));

        list.Done(probe, Answered, _forgotten);
        Assert.True(list.TryHungry(out hungry, out destination, out room));
        Assert.Equal(100, room);
        list.Fed(hungry, destination, [E(2, "a"), E(3, "a"), E(4, "a")], isAll: true);
        Assert.Equal(2, TakeAll(list).Count);
    }

    [Fact]
    public void Knows_from_the_start_that_a_destination_is_dead()
    {
        var list = List();
        _dead["a"] = Now.AddMinutes(1);

        Assert.Equal(Admission.LaneDead, list.TryAdd(new Ready(E(1, "a"), Fresh())));
        Assert.Equal(Now.AddMinutes(1), list.States(1)[0].DeadUntil);
        list.ReviveAll();
        Assert.True(list.TryHungry(out _, out _, out _));
    }

    [Fact]
    public void Keeps_a_quarter_of_the_places_for_what_has_just_come_in()
    {
        var list = List(running: 8);
        for (var i = 1; i <= 10; i++)
            Add(list, E(i, $"d{i}"));
        var running = TakeAll(list);
        Assert.Equal(6, running.Count);

        for (var i = 11; i <= 20; i++)
            Add(list, new Ready(E(i, $"d{i}"), Fresh()));
        Assert.Equal([11, 12], Keys(TakeAll(list)));
        list.Done(running[0], Answered, _forgotten);
        Assert.Equal([7], Keys(TakeAll(list)));
    }

    [Fact]
    public void Has_a_limit_for_all_and_for_each()
    {
        var list = List(capacity: 3, laneCapacity: 2, running: 1);
        Assert.Equal(Admission.Taken, list.TryAdd(new Ready(E(1, "a"), null)));
        Assert.Equal(Admission.Taken, list.TryAdd(new Ready(E(2, "a"), null)));
        Assert.Equal(Admission.LaneFull, list.TryAdd(new Ready(E(3, "a"), null)));
        Assert.True(list.States(1)[0].HasMoreOnDisk);
        Assert.Equal(Admission.Taken, list.TryAdd(new Ready(E(4, "b"), null)));
        Assert.Equal(Admission.Full, list.TryAdd(new Ready(E(5, "c"), null)));
        Assert.Equal(2, list.Lanes);

        Assert.Single(TakeAll(list));
        Assert.Equal(1, list.Running);
    }

    [Fact]
    public void Has_a_limit_of_lanes()
    {
        var list = new ReadyList(new ReadyLimits(100, 10, 10, 1, 1) { MaxLanes = 2 }, ready => new LaneKey(ready.Entry.Destination, null), _ => null);
        Add(list, E(1, "a"), E(2, "b"));
        Assert.Equal(Admission.Full, list.TryAdd(new Ready(E(3, "c"), null)));
        Assert.Equal(Admission.Taken, list.TryAdd(new Ready(E(4, "b"), null)));
    }

    [Fact]
    public void What_comes_in_has_room_of_its_own_and_so_much_at_most()
    {
        var list = new ReadyList(new ReadyLimits(100, 2, 3, 1, 1), ready => new LaneKey(ready.Entry.Destination, null), _ => null);
        Add(list, E(1, "a"), E(2, "a"));
        for (var i = 3; i <= 5; i++)
            Add(list, new Ready(E(i, "a"), Fresh()));
        Assert.Equal(Admission.LaneFull, list.TryAdd(new Ready(E(6, "a"), Fresh())));
        Assert.Equal(2, list.Waiting);
    }

    [Fact]
    public void Wants_more_for_a_destination_when_half_of_what_waited_has_gone()
    {
        var list = List(laneCapacity: 4);
        for (var i = 1; i <= 4; i++)
            Add(list, E(i, "a"));
        Assert.Equal(Admission.LaneFull, list.TryAdd(new Ready(E(5, "a"), null)));

        Assert.True(list.TryTake(out _));
        Assert.False(list.TryHungry(out _, out _, out _));
        Assert.True(list.TryTake(out _));
        Assert.True(list.TryHungry(out var lane, out var destination, out var room));
        Assert.Equal(2, room);
        list.Fed(lane, destination, [E(5, "a")], isAll: true);
        Assert.False(list.TryHungry(out _, out _, out _));
    }

    [Fact]
    public void Takes_the_more_urgent_first_within_a_destination_and_among_them()
    {
        var list = List();
        Add(list, E(1, "a"), E(2, "b"), E(3, "a", -9), E(4, "c", 1), E(5, "b", 9), E(6, "c", -1), E(7, "a", 1));

        Assert.Equal([5, 4, 7, 2, 1, 6, 3], Keys(TakeAll(list)));
    }

    [Fact]
    public void Has_as_much_room_again_for_what_is_urgent()
    {
        var list = List(capacity: 3, laneCapacity: 2);
        Add(list, E(1, "a"), E(2, "a"), E(3, "b"));
        Assert.Equal(Admission.Full, list.TryAdd(new Ready(E(4, "b"), null)));

        Add(list, E(5, "a", 1), E(6, "a", 1));
        Assert.Equal(Admission.LaneFull, list.TryAdd(new Ready(E(7, "a", 1), null)));
        Add(list, E(8, "b", 9));
        Assert.Equal(Admission.Full, list.TryAdd(new Ready(E(9, "c", 9), null)));
        Assert.Equal([8, 5, 6, 3, 1, 2], Keys(TakeAll(list)));
    }

    [Fact]
    public void Does_not_take_an_entry_twice()
    {
        var list = List();
        Add(list, E(1, "a"));
        Assert.Equal(Admission.Known, list.TryAdd(new Ready(E(1, "a"), null)));
        Assert.True(list.TryTake(out var running));
        Assert.Equal(Admission.Known, list.TryAdd(new Ready(E(1, "a"), Fresh())));
        Assert.False(list.TryTake(out _));
        Assert.True(list.IsRunning(1) && list.Holds(1));

        list.Done(running, Answered, _forgotten);
        Assert.False(list.IsRunning(1) || list.Holds(1));
        Assert.Equal(0, list.Lanes);
        Add(list, E(1, "a"));
        Assert.True(list.TryTake(out _));
    }

    [Fact]
    public void An_entry_of_which_nothing_was_written_is_read_again()
    {
        var list = List();
        Add(list, E(1, "a"));
        Assert.True(list.TryTake(out var running));
        list.Done(running, AttemptResult.Nothing with { IsOpen = true }, _forgotten);
        Assert.True(list.TryHungry(out _, out var destination, out _));
        Assert.Equal("a", destination);
    }

    [Fact]
    public void What_came_due_while_its_message_was_under_way_is_tried_when_that_ends()
    {
        var list = List();
        Add(list, E(1, "a"));
        Assert.True(list.TryTake(out var running));
        running.StartedAt = Now;
        Assert.Equal(Admission.Known, list.TryAdd(new Ready(E(1, "a"), null) { DueAt = Now.ToUnixTimeMilliseconds() }));
        list.Done(running, Answered, _forgotten);
        Assert.Empty(TakeAll(list));

        Add(list, E(1, "a"));
        Assert.True(list.TryTake(out running));
        running.StartedAt = Now;
        Assert.Equal(Admission.Known, list.TryAdd(new Ready(E(1, "a"), null) { DueAt = Now.ToUnixTimeMilliseconds() + 1 }));
        list.Done(running, Answered, _forgotten);
        Assert.Equal([1], Keys(TakeAll(list)));
    }

    [Theory]
    [InlineData("there.test", ">relay.test")]
    [InlineData(">relay.test", "there.test")]
    [InlineData(">relay.test", ">other.test")]
    public void A_message_that_is_under_way_does_not_start_by_the_way_it_was_sent_meanwhile(string before, string after)
    {
        var list = List();
        Add(list, E(1, before));
        Assert.True(list.TryTake(out var running));
        running.StartedAt = Now;
        Assert.Equal(Admission.Known, list.TryAdd(new Ready(E(1, after), null)));
        Add(list, E(2, after));
        Assert.Equal([2], Keys(TakeAll(list)));

        list.Done(running, Failed, _forgotten);
        Assert.Equal([E(1, after)], TakeAll(list).Select(ready => ready.Entry));
    }

    [Fact]
    public void Keeps_its_limits_and_loses_nothing_whatever_comes() =>
        Gen.Select(Gen.Long[0, 5], Gen.Char['a', 'd'], Gen.Long[0, 2]).Select(one => E(one.Item1, one.Item2.ToString(), sender: one.Item3)).Array[0, 60].Sample(entries =>
        {
            var list = List(running: 3, perLane: 2);
            var taken = new List<QueueEntry>();
            var running = new Queue<Ready>();
            foreach (var entry in entries)
                list.TryAdd(new Ready(entry, entry.MessageKey % 2 == 0 ? Fresh() : null));
            while (true)
            {
                while (list.TryTake(out var ready))
                {
                    taken.Add(ready.Entry);
                    running.Enqueue(ready);
                }

                if (running.Count == 0)
                    break;
                Assert.True(running.Count <= 3 && running.GroupBy(ready => ready.Entry.Destination).All(lane => lane.Count() <= 2));
                list.Done(running.Dequeue(), Answered, []);
            }

            Assert.Equal(entries.ToHashSet(), taken.ToHashSet());
            Assert.Equal(taken.Count, taken.Distinct().Count());
            Assert.Equal((0, 0, 0), (list.Waiting, list.Running, list.Lanes));
        });

    private static QueueEntry E(long message, string destination, int priority = 0, long sender = 0) => new(message, destination) { Priority = priority, Sender = sender };

    private static QueuedMessage Fresh() => new(
        1, new QueueId("X"), default, null, default, Shared.Addressing.ReversePath.Null, BodyType.SevenBit, false, Now, [], new MemoryContent(ReadOnlyMemory<byte>.Empty));

    private static IEnumerable<long> Keys(IEnumerable<Ready> taken) => taken.Select(ready => ready.Entry.MessageKey);

    private static void Add(ReadyList list, params QueueEntry[] entries)
    {
        foreach (var entry in entries)
            Add(list, new Ready(entry, null));
    }

    private static void Add(ReadyList list, Ready ready) => Assert.Equal(Admission.Taken, list.TryAdd(ready));

    private static List<Ready> TakeAll(ReadyList list)
    {
        var taken = new List<Ready>();
        while (list.TryTake(out var ready))
            taken.Add(ready);
        return taken;
    }

    private ReadyList List(int capacity = 100, int laneCapacity = 100, int running = 100, int perLane = 20) => new(
        new ReadyLimits(capacity, laneCapacity, 100, running, perLane), ready => new LaneKey(ready.Entry.Destination, null), name => _dead.TryGetValue(name, out var until) ? until : null);
}
