using System.Collections.Immutable;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Searching;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Search.Evaluation;
using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>ESEARCH: one search in several mailboxes, each answered for itself, by UID (RFC 7377).</summary>
internal sealed class EsearchCommand(SearchTools tools, MailStore store, MailboxNames names) : IImapCommand
{
    public string Name => "ESEARCH";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string? Capability => "MULTISEARCH";

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var refusal = TryParse(session, line, out var sources, out var wanted, out var program);
        // Sequence numbers are those of the selected mailbox alone (RFC 7377 §2.1), and so is what SAVE and UPDATE are for.
        if (refusal == SearchRefusal.Syntax || program.UsesSequence || wanted.Has(SearchReturnOptions.Save | SearchReturnOptions.Update | SearchReturnOptions.Context))
            return ImapAnswers.Syntax;
        if (refusal != SearchRefusal.None)
            return SearchTools.Answer(refusal);
        if (session.Selected is null && sources.Any(source => source.Kind == MailboxFilterKind.Selected))
            return ImapAnswers.SelectFirst;

        if (program.UsesModSeq)
            CondStore.Enable(session);
        if (session.Selected is SelectedMailbox told)
            await told.TellAsync(session, ImapUpdates.All, cancellationToken);
        var selected = (session.Selected as SelectedMailbox)?.Handle.Id;
        foreach (var handle in await SearchSources.ResolveAsync(names, session.AccountId, selected, sources, cancellationToken))
        {
            // One at a time: a person may have thousands of mailboxes.
            using var open = await store.Open.OpenAsync(handle.Id, cancellationToken);
            if (open is null)
                continue;
            var messages = open.Current;
            var found = await tools.FindAsync(session, line.Tag, SearchScope.Of(messages), program.Criterion, cancellationToken);
            // Of a mailbox in which nothing is found nothing is told (RFC 7377 §2.1).
            if (found.IsEmpty)
                continue;
            await SearchWriter.WriteExtendedAsync(
                session, new SearchCorrelator(line.Tag, handle.Name, handle.UidValidity.Value), byUid: true,
                new FoundMessages(messages, messages, [.. found.Indexes()]), wanted, program.UsesModSeq, cancellationToken);
        }

        return ImapAnswer.Ok("Searched.");
    }

    private static SearchRefusal TryParse(
        ImapSession session, ImapCommandLine line, out ImmutableArray<MailboxFilter> sources, out SearchReturn wanted, out SearchProgram program)
    {
        var parser = line.Parse();
        program = SearchProgram.Nothing;
        wanted = SearchReturn.Plain;
        return SearchSources.TryRead(ref parser, session.Utf8, out sources) && SearchReturn.TryRead(ref parser, out wanted)
            ? SearchGrammar.TryRead(ref parser, charsetIsRequired: false, out program)
            : SearchRefusal.Syntax;
    }
}
