using System.Text;
using MailSuite.Mda.Search.Text;
using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Search.Sorting;

/// <summary>Puts messages in order (RFC 5256 §3). Strings are compared by i;unicode-casemap (RFC 5051), octet by octet once they are folded.</summary>
internal static class MessageSorting
{
    /// <param name="found">Indexes, ascending.</param>
    /// <returns>The indexes of the messages in their order; equal ones in the order of the mailbox.</returns>
    internal static async ValueTask<int[]> SortAsync(
        SearchReading reading, MailboxSnapshot messages, int[] found, IReadOnlyList<SortKey> keys, CancellationToken cancellationToken)
    {
        var order = found;
        var columns = keys.Select(key => new Column(key, order.Length)).ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            var entry = messages[order[i]];
            foreach (var column in columns)
                column.Take(i, entry);
        }

        if (columns.Any(column => column.NeedsFacts))
        {
            var bodies = order.Select(index => messages[index].Body).ToArray();
            await reading.FactsAsync(
                bodies,
                datesAlone: keys.All(static key => key.Field is SortField.Date or SortField.Arrival or SortField.Size),
                (i, facts) =>
                {
                    foreach (var column in columns)
                        column.Take(i, facts);
                },
                cancellationToken);
        }

        var places = new int[order.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = i;
        Array.Sort(places, (one, other) =>
        {
            foreach (var column in columns)
            {
                if (column.Compare(one, other) is not 0 and var compared)
                    return compared;
            }

            return one.CompareTo(other);
        });
        return Array.ConvertAll(places, place => order[place]);
    }

    /// <summary>What one key compares, for all messages.</summary>
    private sealed class Column(SortKey key, int count)
    {
        private readonly bool _isText = key.Field is not (SortField.Arrival or SortField.Date or SortField.Size);
        private readonly byte[][] _texts = key.Field is SortField.Arrival or SortField.Date or SortField.Size ? [] : new byte[count][];
        private readonly long[] _numbers = key.Field is SortField.Arrival or SortField.Date or SortField.Size ? new long[count] : [];

        internal bool NeedsFacts => key.Field is not (SortField.Arrival or SortField.Size);

        internal void Take(int place, in MessageEntry entry)
        {
            if (!_isText)
                _numbers[place] = key.Field == SortField.Size ? entry.Octets : entry.InternalDate;
        }

        internal void Take(int place, SearchFacts facts)
        {
            if (key.Field == SortField.Date)
            {
                // Without a Date field it is the internal date (RFC 5256 §2.2), which is there already.
                if (facts.SentAt is { } sent)
                    _numbers[place] = sent * 1000;
            }
            else if (_isText)
            {
                _texts[place] = key.Field switch
                {
                    SortField.From => facts.From,
                    SortField.To => facts.To,
                    SortField.Cc => facts.Cc,
                    SortField.DisplayFrom => facts.FromName,
                    SortField.DisplayTo => facts.ToName,
                    _ => Encoding.UTF8.GetBytes(facts.Subject.Text),
                };
            }
        }

        internal int Compare(int one, int other)
        {
            var compared = _isText ? _texts[one].AsSpan().SequenceCompareTo(_texts[other]) : _numbers[one].CompareTo(_numbers[other]);
            return key.IsReversed ? -compared : compared;
        }
    }
}
