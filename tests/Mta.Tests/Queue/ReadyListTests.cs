using CsCheck;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Tests.Queue;

public sealed class ReadyListTests
{
    [Fact]
    public void Serves_destinations_in_turn()
    {
        var list = new ReadyList(100, 10, 100, 100);
        foreach (var entry in new[] { E(1, "a"), E(2, "a"), E(3, "a"), E(4, "b"), E(5, "c") })
            Assert.True(list.TryAdd(entry));

        Assert.Equal([E(1, "a"), E(4, "b"), E(5, "c"), E(2, "a"), E(3, "a")], TakeAll(list));
    }

    [Fact]
    public void Goes_past_a_destination_that_has_all_its_places()
    {
        var list = new ReadyList(100, 10, 100, maxRunningPerLane: 2);
        foreach (var entry in new[] { E(1, "a"), E(2, "a"), E(3, "a"), E(4, "b") })
            list.TryAdd(entry);

        Assert.Equal([E(1, "a"), E(4, "b"), E(2, "a")], TakeAll(list));
        list.Done(E(2, "a"));
        Assert.Equal([E(3, "a")], TakeAll(list));
    }

    [Fact]
    public void Has_a_limit_for_all_and_for_each()
    {
        var list = new ReadyList(capacity: 3, laneCapacity: 2, maxRunning: 1, maxRunningPerLane: 1);
        Assert.True(list.TryAdd(E(1, "a")));
        Assert.True(list.TryAdd(E(2, "a")));
        Assert.False(list.TryAdd(E(3, "a")));
        Assert.Equal(["a"], list.FullDestinations());
        Assert.False(list.IsFull());
        Assert.True(list.TryAdd(E(4, "b")));
        Assert.True(list.IsFull());
        Assert.False(list.TryAdd(E(5, "c")));

        Assert.Single(TakeAll(list));
        Assert.Equal(1, list.Running);
    }

    [Fact]
    public void Wants_more_for_a_destination_when_half_of_what_waited_has_gone()
    {
        var list = new ReadyList(capacity: 100, laneCapacity: 4, maxRunning: 100, maxRunningPerLane: 100);
        for (var i = 1; i <= 4; i++)
            list.TryAdd(E(i, "a"));

        Assert.True(list.TryTake(out _));
        Assert.Equal(["a"], list.FullDestinations());
        Assert.True(list.TryTake(out _));
        Assert.Empty(list.FullDestinations());
    }

    [Fact]
    public void Takes_the_more_urgent_first_within_a_destination_and_among_them()
    {
        var list = new ReadyList(100, 10, 100, 100);
        foreach (var entry in new[] { E(1, "a"), E(2, "b"), E(3, "a", -9), E(4, "c", 1), E(5, "b", 9), E(6, "c", -1), E(7, "a", 1) })
            Assert.True(list.TryAdd(entry));

        Assert.Equal([5, 4, 7, 2, 1, 6, 3], TakeAll(list).Select(entry => entry.MessageKey));
    }

    [Fact]
    public void Has_as_much_room_again_for_what_is_urgent()
    {
        var list = new ReadyList(capacity: 3, laneCapacity: 2, maxRunning: 100, maxRunningPerLane: 100);
        Assert.True(list.TryAdd(E(1, "a")) && list.TryAdd(E(2, "a")) && list.TryAdd(E(3, "b")));
        Assert.True(list.IsFull());
        Assert.False(list.TryAdd(E(4, "b")));

        Assert.False(list.IsFull(urgent: true));
        Assert.True(list.TryAdd(E(5, "a", 1)) && list.TryAdd(E(6, "a", 1)));
        Assert.False(list.TryAdd(E(7, "a", 1)));
        Assert.Equal(["a"], list.FullDestinations(urgent: true));
        Assert.True(list.TryAdd(E(8, "b", 9)));
        Assert.True(list.IsFull(urgent: true));
        Assert.False(list.TryAdd(E(9, "c", 9)));
        Assert.Equal([8, 5, 6, 3, 1, 2], TakeAll(list).Select(entry => entry.MessageKey));
    }

    [Fact]
    public void Does_not_take_an_entry_twice()
    {
        var list = new ReadyList(10, 10, 10, 10);
        list.TryAdd(E(1, "a"));
        Assert.True(list.TryAdd(E(1, "a")));
        Assert.True(list.TryTake(out _));
        Assert.True(list.TryAdd(E(1, "a")));
        Assert.False(list.TryTake(out _));
        Assert.True(list.IsRunning(1));

        list.Done(E(1, "a"));
        Assert.False(list.IsRunning(1));
        Assert.True(list.TryAdd(E(1, "a")));
        Assert.True(list.TryTake(out _));
    }

    [Fact]
    public void Keeps_its_limits_and_loses_nothing_whatever_comes() =>
        Gen.Select(Gen.Long[0, 5], Gen.Char['a', 'd']).Select(pair => E(pair.Item1, pair.Item2.ToString())).Array[0, 60].Sample(entries =>
        {
            var list = new ReadyList(capacity: 100, laneCapacity: 100, maxRunning: 3, maxRunningPerLane: 2);
            var taken = new List<QueueEntry>();
            var running = new Queue<QueueEntry>();
            foreach (var entry in entries)
                list.TryAdd(entry);
            while (list.Waiting > 0)
            {
                while (list.TryTake(out var entry))
                {
                    taken.Add(entry);
                    running.Enqueue(entry);
                }

                Assert.True(running.Count <= 3 && running.GroupBy(entry => entry.Destination).All(lane => lane.Count() <= 2));
                list.Done(running.Dequeue());
            }

            Assert.Equal(entries.ToHashSet(), taken.ToHashSet());
            Assert.Equal(taken.Count, taken.Distinct().Count());
        });

    private static QueueEntry E(long message, string destination, int priority = 0) => new(message, destination) { Priority = priority };

    private static List<QueueEntry> TakeAll(ReadyList list)
    {
        var taken = new List<QueueEntry>();
        while (list.TryTake(out var entry))
            taken.Add(entry);
        return taken;
    }
}
