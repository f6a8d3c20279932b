using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>ENABLE (RFC 9051 §6.3.1): switches on what changes the responses. Unknown and hidden names are passed over.</summary>
internal sealed class EnableCommand : IImapCommand
{
    public string Name => "ENABLE";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        var asked = ImapExtensions.None;
        var names = new List<string>();
        do
        {
            if (!parser.TryAtom(out var name))
                return new(ImapAnswers.Syntax);

            var enables = session.Capabilities.Enables(session, name, out var known);
            if (enables == ImapExtensions.None || names.Contains(known))
                continue;
            asked |= enables;
            names.Add(known);
        }
        while (parser.TrySpace());

        if (!parser.IsAtEnd)
            return new(ImapAnswers.Syntax);

        session.Enable(asked);
        session.Writer.Raw("* ENABLED"u8);
        foreach (var name in names)
            session.Writer.Space().Raw(name);
        session.Writer.Crlf();
        return new(ImapAnswer.Ok("Done."));
    }
}
