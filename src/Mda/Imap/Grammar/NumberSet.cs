using System.Collections.Immutable;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>Numbers from the first to the last, in either order.</summary>
/// <param name="First">0 stands for <c>*</c>, the largest there is.</param>
/// <param name="Last">Likewise.</param>
internal readonly record struct NumberRange(uint First, uint Last)
{
    /// <summary>The range in ascending order, where <c>*</c> is the number given.</summary>
    public (uint Low, uint High) Resolve(uint largest)
    {
        var first = First == 0 ? largest : First;
        var last = Last == 0 ? largest : Last;
        return first <= last ? (first, last) : (last, first);
    }
}

/// <summary>A set as the client wrote it (RFC 9051 §9, sequence-set).</summary>
/// <param name="Ranges">In the client's order; empty when <paramref name="IsSaved"/>.</param>
/// <param name="IsSaved">It is <c>$</c>: what the last SEARCH saved (RFC 5182).</param>
internal abstract record NumberSet(ImmutableArray<NumberRange> Ranges, bool IsSaved)
{
    /// <summary>Ascending ranges that neither overlap nor touch, where <c>*</c> is the number given.</summary>
    public List<(uint Low, uint High)> Normalize(uint largest)
    {
        var sorted = new List<(uint Low, uint High)>(Ranges.Length);
        foreach (var range in Ranges)
            sorted.Add(range.Resolve(largest));
        sorted.Sort();

        var merged = new List<(uint Low, uint High)>(sorted.Count);
        foreach (var range in sorted)
        {
            if (merged.Count > 0 && range.Low <= (ulong)merged[^1].High + 1)
                merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, range.High));
            else
                merged.Add(range);
        }

        return merged;
    }
}

/// <summary>Sequence numbers.</summary>
internal sealed record SequenceSet(ImmutableArray<NumberRange> Ranges, bool IsSaved) : NumberSet(Ranges, IsSaved);

/// <summary>UIDs.</summary>
internal sealed record UidSet(ImmutableArray<NumberRange> Ranges, bool IsSaved) : NumberSet(Ranges, IsSaved);
