using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Search;
using MailSuite.Mda.Search.Evaluation;
using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Imap.Searching;

/// <summary>What SEARCH, SORT and THREAD have in common.</summary>
internal sealed class SearchTools(SearchReading reading, MailStore store, TimeProvider clock)
{
    /// <summary>How long a client hears nothing before it is told how far it is (RFC 9585 §3).</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    internal SearchReading Reading => reading;

    internal static ImapAnswer Answer(SearchRefusal refusal) => refusal switch
    {
        SearchRefusal.Charset => ImapAnswer.No("Not in that charset.", SearchGrammar.CharsetCode),
        SearchRefusal.TooMuch => ImapAnswer.No("That is more than one search may ask.", "LIMIT"),
        _ => ImapAnswers.Syntax,
    };

    /// <summary>Looks in the selected mailbox, as the client knows it.</summary>
    internal async ValueTask<FoundMessages> FindAsync(ImapSession session, ReadOnlyMemory<byte> tag, SelectedMailbox mailbox, SearchProgram program, CancellationToken cancellationToken)
    {
        var scope = new SearchScope(mailbox.Messages, mailbox.Flags, [.. mailbox.SavedResult.Select(range => (range.First, range.Last))]);
        var found = await FindAsync(session, tag, scope, program.Criterion, cancellationToken);
        return new FoundMessages(scope.Messages, scope.Latest, [.. found.Indexes()]);
    }

    internal ValueTask<MessageSet> FindAsync(ImapSession session, ReadOnlyMemory<byte> tag, SearchScope scope, SearchCriterion criterion, CancellationToken cancellationToken) =>
        new SearchEvaluation(reading, store.Keywords, scope, clock.GetUtcNow(), Progress(session, tag, cancellationToken), cancellationToken).RunAsync(criterion);

    /// <summary>The same for some messages alone; nothing is told while it looks.</summary>
    internal ValueTask<MessageSet> FindAsync(MailboxSnapshot messages, MailboxSnapshot flags, SearchCriterion criterion, MessageSet among, CancellationToken cancellationToken) =>
        new SearchEvaluation(reading, store.Keywords, new SearchScope(messages, flags, []), clock.GetUtcNow(), progress: null, cancellationToken).RunAsync(criterion, among);

    private Func<int, int, ValueTask> Progress(ImapSession session, ReadOnlyMemory<byte> tag, CancellationToken cancellationToken)
    {
        var last = clock.GetTimestamp();
        return async (done, all) =>
        {
            if (clock.GetElapsedTime(last) < Silence || session.HiddenCapabilities.Contains("INPROGRESS"))
                return;
            last = clock.GetTimestamp();
            session.Writer.Raw("* OK [INPROGRESS ("u8).String(tag.Span).Space().Number(done).Space().Number(all).Raw(")] Still looking.\r\n"u8);
            await session.Writer.FlushAsync(cancellationToken);
        };
    }
}
