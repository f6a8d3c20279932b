using System.Text;
using MailSuite.Mda.Imap.Capabilities;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>AUTHENTICATE: a SASL exchange (RFC 9051 §6.2.2), with or without an initial response (SASL-IR, RFC 4959).</summary>
internal sealed class AuthenticateCommand(IAccounts accounts, SignIn signIn, ImapOptions options) : IImapCommand
{
    /// <summary>Octets of an answer to a challenge with its CRLF (RFC 4954 §4 has the number, IMAP none).</summary>
    private const int MaxAnswerOctets = 12288;

    public string Name => "AUTHENTICATE";

    public ImapStates AllowedIn => ImapStates.NotAuthenticated;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (!SignInPolicy.MaySignIn(session.Connection.Tls, options))
            return ImapAnswers.PrivacyRequired;

        if (!TryParse(line, out var mechanism, out var initialResponse))
            return ImapAnswers.Syntax;

        var peer = new SaslPeer(
            accounts, session.Connection.Address, session.Connection.Tls?.Bindings ?? ChannelBindings.None, SignInPolicy.OffersPlus(session.Connection.Tls, options));
        if (!SignInPolicy.Allows(mechanism, options) || !SaslExchange.TryBegin(mechanism, peer, out var exchange))
            return ImapAnswers.NoSuchMechanism;

        session.Reader.Mark();
        var step = await exchange.StartAsync(initialResponse);
        while (step is SaslStep.Challenge challenge)
        {
            session.Writer.Raw("+ "u8).Raw(challenge.Base64).Crlf();
            var part = await session.ReadAnswerAsync(MaxAnswerOctets);
            if (part != CommandPart.Whole)
                return session.EndOf(part);
            step = await exchange.ContinueAsync(Encoding.Latin1.GetString(session.Reader.Line.Span));
        }

        return step switch
        {
            SaslStep.Done done => await signIn.ConcludeAsync(session, done.Outcome, mechanism.ToUpperInvariant(), cancellationToken),
            SaslStep.Refused refused => signIn.Fail(session, ImapAnswer.No($"Refused: {refused.Reason}.", "AUTHENTICATIONFAILED")),
            SaslStep.Malformed malformed => ImapAnswer.Bad($"Malformed: {malformed.Reason}."),
            _ => ImapAnswers.AuthenticationCancelled,
        };
    }

    private static bool TryParse(ImapCommandLine line, out string mechanism, out string? initialResponse)
    {
        mechanism = "";
        initialResponse = null;
        var parser = line.Parse();
        if (!parser.TryAtom(out var name))
            return false;

        mechanism = Encoding.ASCII.GetString(name);
        if (parser.IsAtEnd)
            return true;
        if (!parser.TrySpace() || parser.IsAtEnd)
            return false;

        initialResponse = Encoding.Latin1.GetString(parser.Rest);
        return true;
    }
}
