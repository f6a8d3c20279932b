using System.Collections.Immutable;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Searching;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Search.Sorting;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>SORT and UID SORT (RFC 5256 §3; RFC 5957; with RETURN, RFC 5267 §3).</summary>
internal sealed class SortCommand(bool byUid, SearchTools tools) : IImapCommand
{
    public string Name => byUid ? "UID SORT" : "SORT";

    public ImapStates AllowedIn => ImapStates.Selected;

    public ImapUpdates Updates => byUid ? ImapUpdates.All : ImapUpdates.Flags;

    public string? Capability => "SORT";

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var refusal = TryParse(line, out var wanted, out var keys, out var program);
        // To keep a sorted result up to date is CONTEXT=SORT, which we do not have.
        if (refusal == SearchRefusal.Syntax || wanted.Has(SearchReturnOptions.Update | SearchReturnOptions.Context))
            return ImapAnswers.Syntax;

        var mailbox = SelectedMailbox.Of(session);
        if (refusal != SearchRefusal.None)
            return SearchSaving.Fail(mailbox, wanted, SearchTools.Answer(refusal));
        if (session.Enabled.HasFlag(ImapExtensions.UidOnly) && (!byUid || program.UsesSequence))
            return ImapAnswers.UidRequired;

        if (program.UsesModSeq)
            CondStore.Enable(session);
        await mailbox.TellAsync(session, Updates, cancellationToken);
        var sorted = await SearchSaving.RunAsync(mailbox, wanted, async () =>
        {
            var found = await tools.FindAsync(session, line.Tag, mailbox, program, cancellationToken);
            return found with { Indexes = await MessageSorting.SortAsync(tools.Reading, found.Messages, found.Indexes, keys, cancellationToken) };
        });

        if (!wanted.IsExtended)
            await SearchWriter.WritePlainAsync(session, "SORT", sorted.Numbers(byUid), program.UsesModSeq ? sorted.HighestModSeq() : null, cancellationToken);
        else if (wanted.TellsSomething)
            await SearchWriter.WriteExtendedAsync(session, new SearchCorrelator(line.Tag), byUid, sorted, wanted, program.UsesModSeq, cancellationToken);
        return ImapAnswer.Ok("Sorted.");
    }

    private static SearchRefusal TryParse(ImapCommandLine line, out SearchReturn wanted, out ImmutableArray<SortKey> keys, out SearchProgram program)
    {
        var parser = line.Parse();
        program = SearchProgram.Nothing;
        keys = [];
        return SearchReturn.TryRead(ref parser, out wanted) && SortKey.TryReadList(ref parser, out keys) && parser.TrySpace()
            ? SearchGrammar.TryRead(ref parser, charsetIsRequired: true, out program)
            : SearchRefusal.Syntax;
    }
}
