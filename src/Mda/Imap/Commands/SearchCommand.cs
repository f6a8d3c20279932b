using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Searching;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Search.Keys;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>SEARCH and UID SEARCH (RFC 9051 §6.4.4; RFC 4731, 5182, 5267, 9394).</summary>
internal sealed class SearchCommand(bool byUid, SearchTools tools) : IImapCommand
{
    public string Name => byUid ? "UID SEARCH" : "SEARCH";

    public ImapStates AllowedIn => ImapStates.Selected;

    public ImapUpdates Updates => byUid ? ImapUpdates.All : ImapUpdates.Flags;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var refusal = TryParse(line, out var wanted, out var program);
        if (refusal == SearchRefusal.Syntax)
            return ImapAnswers.Syntax;

        var mailbox = SelectedMailbox.Of(session);
        if (refusal != SearchRefusal.None)
            return SearchSaving.Fail(mailbox, wanted, SearchTools.Answer(refusal));
        if (session.Enabled.HasFlag(ImapExtensions.UidOnly) && (!byUid || program.UsesSequence))
            return ImapAnswers.UidRequired;

        if (program.UsesModSeq)
            CondStore.Enable(session);
        await mailbox.TellAsync(session, Updates, cancellationToken);
        var found = await SearchSaving.RunAsync(mailbox, wanted, () => tools.FindAsync(session, line.Tag, mailbox, program, cancellationToken));
        if (wanted.Has(SearchReturnOptions.Update) && !SearchContexts.TryAdd(session, tools, line.Tag, program, byUid, found))
            session.Writer.Raw("* NO [NOUPDATE "u8).String(line.Tag.Span).Raw("] It is not kept up to date.\r\n"u8);

        // IMAP4rev2 has no SEARCH response (RFC 9051 appendix E).
        if (!wanted.IsExtended && !session.Enabled.HasFlag(ImapExtensions.Imap4Rev2))
            await SearchWriter.WritePlainAsync(session, "SEARCH", found.Numbers(byUid), program.UsesModSeq ? found.HighestModSeq() : null, cancellationToken);
        else if (wanted.TellsSomething)
            await SearchWriter.WriteExtendedAsync(session, new SearchCorrelator(line.Tag), byUid, found, wanted, program.UsesModSeq, cancellationToken);
        return ImapAnswer.Ok("Searched.");
    }

    private static SearchRefusal TryParse(ImapCommandLine line, out SearchReturn wanted, out SearchProgram program)
    {
        var parser = line.Parse();
        program = SearchProgram.Nothing;
        return SearchReturn.TryRead(ref parser, out wanted) ? SearchGrammar.TryRead(ref parser, charsetIsRequired: false, out program) : SearchRefusal.Syntax;
    }
}
