using System.Collections.Immutable;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Search.Keys;

/// <summary>What a message must be to be found (RFC 9051 §6.4.4, search-key). A value; looking is <see cref="Evaluation.SearchEvaluation"/>.</summary>
internal abstract record SearchCriterion
{
    private SearchCriterion()
    {
    }

    internal static readonly SearchCriterion Everything = new All([]);

    internal static readonly SearchCriterion Nothing = new Not(Everything);

    /// <summary>All of them; every message where there are none.</summary>
    internal sealed record All(ImmutableArray<SearchCriterion> Of) : SearchCriterion;

    internal sealed record Or(SearchCriterion One, SearchCriterion Other) : SearchCriterion;

    internal sealed record Not(SearchCriterion Of) : SearchCriterion;

    internal sealed record Sequence(SequenceSet Set) : SearchCriterion;

    internal sealed record Uids(UidSet Set) : SearchCriterion;

    internal sealed record Flag(MessageFlags Flags) : SearchCriterion;

    internal sealed record Keyword(string Name) : SearchCriterion;

    /// <param name="Which">The instant of arrival, of saving (RFC 8514), or of the Date field.</param>
    /// <param name="From">The first day.</param>
    /// <param name="To">The first day that is not.</param>
    internal sealed record Day(SearchDate Which, DateOnly From, DateOnly To) : SearchCriterion;

    /// <summary>Older or younger than so many seconds, by its arrival (RFC 5032).</summary>
    internal sealed record Age(bool IsYounger, uint Seconds) : SearchCriterion;

    internal sealed record Larger(long Octets) : SearchCriterion;

    internal sealed record Smaller(long Octets) : SearchCriterion;

    /// <summary>Changed since, or at (RFC 7162 §3.1.5).</summary>
    internal sealed record ModSeq(long Value) : SearchCriterion;

    /// <summary>RFC 8474 §6: the body; 0 for an id that is none of ours.</summary>
    internal sealed record EmailId(long BodyId) : SearchCriterion;

    internal sealed record ThreadId(long Value) : SearchCriterion;

    /// <summary>A field whose value contains the needle; with an empty needle, one that is there.</summary>
    /// <param name="Name">Folded.</param>
    /// <param name="Needle">Folded.</param>
    internal sealed record Header(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Needle) : SearchCriterion;

    internal sealed record Body(ReadOnlyMemory<byte> Needle) : SearchCriterion;

    /// <summary>In the header, the headers of parts, or the body.</summary>
    internal sealed record Text(ReadOnlyMemory<byte> Needle) : SearchCriterion;

    /// <summary>A word of the webmail's: in subject, author, recipients or body, accents or not.</summary>
    internal sealed record Word(ReadOnlyMemory<byte> Needle, ImmutableArray<ReadOnlyMemory<byte>> Fields, bool InBody) : SearchCriterion;
}

internal enum SearchDate
{
    Internal,
    Saved,
    Sent,
}

/// <summary>The criteria of a command.</summary>
/// <param name="UsesModSeq">MODSEQ is among them: the answer tells the highest that was found (RFC 7162 §3.1.5).</param>
/// <param name="UsesSequence">Sequence numbers are among them.</param>
internal sealed record SearchProgram(SearchCriterion Criterion, bool UsesModSeq, bool UsesSequence)
{
    internal static readonly SearchProgram Nothing = new(SearchCriterion.Nothing, UsesModSeq: false, UsesSequence: false);
}
