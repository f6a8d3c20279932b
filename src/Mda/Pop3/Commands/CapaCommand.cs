using System.Text;
using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>CAPA: what this server can do beyond the least, as the session is now (RFC 2449 §5).</summary>
internal sealed class CapaCommand(Pop3Capabilities capabilities) : IPop3Command
{
    public string Keyword => "CAPA";

    public Pop3States AllowedIn => Pop3States.Any;

    public ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (arguments.Length > 0)
            return new(Pop3Replies.NoArguments);

        session.Connection.Write(Pop3Replies.CapabilitiesFollow);
        foreach (var line in capabilities.Of(session))
            session.Connection.Write(Encoding.ASCII.GetBytes($"{line}\r\n"));
        session.Connection.Write(".\r\n"u8);
        return new((Pop3Reply?)null);
    }
}
