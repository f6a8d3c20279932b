using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Search.Evaluation;

/// <summary>The messages that are searched.</summary>
/// <param name="Messages">Numbers them.</param>
/// <param name="Latest">Their flags, and which of them are still there: those that are gone are not found. Often the same snapshot.</param>
/// <param name="Saved">What <c>$</c> stands for (RFC 5182): UIDs, ascending.</param>
internal sealed record SearchScope(MailboxSnapshot Messages, MailboxSnapshot Latest, IReadOnlyList<(uint First, uint Last)> Saved)
{
    internal static SearchScope Of(MailboxSnapshot messages) => new(messages, messages, []);
}
