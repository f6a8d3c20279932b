using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Searching;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Search.Threading;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>THREAD and UID THREAD (RFC 5256 §3).</summary>
internal sealed class ThreadCommand(bool byUid, SearchTools tools) : IImapCommand
{
    private const int BlockOctets = 16 * 1024;

    public string Name => byUid ? "UID THREAD" : "THREAD";

    public ImapStates AllowedIn => ImapStates.Selected;

    public ImapUpdates Updates => byUid ? ImapUpdates.All : ImapUpdates.Flags;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var refusal = TryParse(session, line, out var byReferences, out var program);
        if (refusal != SearchRefusal.None)
            return SearchTools.Answer(refusal);
        if (session.Enabled.HasFlag(ImapExtensions.UidOnly) && (!byUid || program.UsesSequence))
            return ImapAnswers.UidRequired;

        if (program.UsesModSeq)
            CondStore.Enable(session);
        var mailbox = SelectedMailbox.Of(session);
        await mailbox.TellAsync(session, Updates, cancellationToken);
        var found = await tools.FindAsync(session, line.Tag, mailbox, program, cancellationToken);
        var messages = await ThreadReading.ReadAsync(tools.Reading, found.Messages, found.Indexes, byUid, cancellationToken);
        ReadOnlyMemory<byte> text = ThreadText.Of(byReferences ? ReferencesThreads.Of(messages) : OrderedSubjectThreads.Of(messages));

        session.Writer.Raw(text.IsEmpty ? "* THREAD"u8 : "* THREAD "u8);
        for (; !text.IsEmpty; text = text[Math.Min(BlockOctets, text.Length)..])
        {
            session.Writer.Raw(text.Span[..Math.Min(BlockOctets, text.Length)]);
            await session.Writer.FlushBySizeAsync(cancellationToken);
        }

        session.Writer.Crlf();
        return ImapAnswer.Ok("Threaded.");
    }

    private static SearchRefusal TryParse(ImapSession session, ImapCommandLine line, out bool byReferences, out SearchProgram program)
    {
        var parser = line.Parse();
        program = SearchProgram.Nothing;
        byReferences = parser.TryWord("REFERENCES"u8);
        if (!byReferences && !parser.TryWord("ORDEREDSUBJECT"u8) || session.HiddenCapabilities.Contains(byReferences ? "THREAD=REFERENCES" : "THREAD=ORDEREDSUBJECT") || !parser.TrySpace())
            return SearchRefusal.Syntax;
        return SearchGrammar.TryRead(ref parser, charsetIsRequired: true, out program);
    }
}
