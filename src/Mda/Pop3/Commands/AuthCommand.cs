using System.Text;
using MailSuite.Mda.Pop3.Replies;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>AUTH: a SASL exchange (RFC 5034). Without an argument it lists the mechanisms, as programs ask that are older than CAPA.</summary>
internal sealed class AuthCommand(IAccounts accounts, MdaOptions options) : IPop3Command
{
    public string Keyword => "AUTH";

    public Pop3States AllowedIn => Pop3States.Authorization;

    public async ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (arguments.Length == 0)
        {
            ListMechanisms(session);
            return null;
        }

        if (!SignIn.IsSafe(session.Tls, options.Pop3))
            return Pop3Replies.EncryptionRequired;

        var text = arguments.TrimEnd(' ');
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var mechanism = space < 0 ? text : text[..space];
        if (mechanism.Length == 0)
            return Pop3Replies.BadAuthSyntax;

        var peer = new SaslPeer(accounts, session.Address, session.Tls?.Bindings ?? ChannelBindings.None, SignIn.OffersPlus(session.Tls, options.Pop3));
        if (!SignIn.Allows(mechanism, options.Pop3) || !SaslExchange.TryBegin(mechanism, peer, out var exchange))
            return Pop3Replies.NoSuchMechanism;

        var step = await exchange.StartAsync(space < 0 ? null : text[(space + 1)..]);
        while (step is SaslStep.Challenge challenge)
        {
            session.Connection.Write(Pop3Reply.Challenge(challenge.Base64));
            var line = await session.Connection.ReadAnswerAsync();
            if (line.Outcome is LineOutcome.EndOfStream or LineOutcome.Interrupted)
            {
                session.Connection.Abandon();
                return null;
            }

            if (line.Outcome != LineOutcome.Line)
                return Pop3Session.ReplyToBrokenLine(line.Outcome);
            if (!LineReader.TryDecode(line.Octets.Span, out var answer))
                return Pop3Replies.NotText;
            step = await exchange.ContinueAsync(answer);
        }

        return step switch
        {
            SaslStep.Done done => await session.ConcludeAsync(done.Outcome),
            SaslStep.Refused refused => session.FailAuthentication(Pop3Replies.ExchangeRefused(refused.Reason)),
            SaslStep.Malformed malformed => Pop3Replies.MalformedResponse(malformed.Reason),
            _ => Pop3Replies.AuthenticationCancelled,
        };
    }

    private void ListMechanisms(Pop3Session session)
    {
        session.Connection.Write(Pop3Replies.MechanismsFollow);
        foreach (var mechanism in SignIn.Mechanisms(session.Tls, options.Pop3))
            session.Connection.Write(Encoding.ASCII.GetBytes($"{mechanism}\r\n"));
        session.Connection.Write(".\r\n"u8);
    }
}
