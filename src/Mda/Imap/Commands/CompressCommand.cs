using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>COMPRESS (RFC 4978): all that follows its answer is deflated, in both directions.</summary>
internal sealed class CompressCommand : IImapCommand
{
    public string Name => "COMPRESS";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "COMPRESS=DEFLATE";

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        if (!parser.TryAtom(out var mechanism) || !parser.IsAtEnd)
            return ImapAnswers.Syntax;

        if (!System.Text.Ascii.EqualsIgnoreCase(mechanism, "DEFLATE"u8))
            return ImapAnswer.No("There is only DEFLATE.");

        if (session.Connection.IsCompressed)
            return ImapAnswer.No("It is compressed already.", "COMPRESSIONACTIVE");

        // What has changed is told before: behind this answer everything is compressed.
        await session.TellUpdatesAsync(ImapUpdates.All, cancellationToken);
        session.Writer.Answer(line.Tag.Span, ImapAnswer.Ok("From here on."));
        await session.Connection.CompressAsync(cancellationToken);
        return ImapAnswer.Told;
    }
}
