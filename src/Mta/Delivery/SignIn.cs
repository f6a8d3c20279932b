using System.Net;
using System.Text;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Delivery;

/// <summary>Signs in at a host with the credentials of its transport (RFC 4954), by the best mechanism that both know.</summary>
/// <remarks>
/// A password goes in clear only over TLS, or to a host on this machine. Whatever fails is temporary: it is our setting, not the mail, that is
/// wrong, and the sentence names it.
/// </remarks>
internal sealed class SignIn(Dialogue dialogue, NextHost host, RelayCredentials credentials, IMailTransport transport, TimeSpan timeout)
{
    private const int Continue = 334;
    private const int Succeeded = 235;

    private ChannelBindings Bindings => transport.Tls?.Bindings ?? ChannelBindings.None;

    private bool MaySayPassword => transport.Tls is not null || host.Transport.UnixSocket is not null || (transport.RemoteEndPoint is IPEndPoint end && IPAddress.IsLoopback(end.Address));

    /// <returns><see cref="SessionOpening.Ready"/>, or what is lacking.</returns>
    /// <exception cref="DialogueBrokenException">The host is gone.</exception>
    public async Task<SessionOpening> RunAsync(ServerExtensions extensions, CancellationToken cancellationToken)
    {
        dialogue.Conceal(credentials.Password);
        dialogue.Conceal(Base64(credentials.Password));
        var offered = extensions.Mechanisms;
        if (offered.Contains(SaslMechanisms.ScramSha256Plus) && !Bindings.IsEmpty)
            return await ScramAsync(SaslMechanisms.ScramSha256Plus, binds: true, cancellationToken);
        if (offered.Contains(SaslMechanisms.ScramSha256))
            return await ScramAsync(SaslMechanisms.ScramSha256, binds: false, cancellationToken);

        var canSay = offered.Contains(SaslMechanisms.Plain) || offered.Contains(SaslMechanisms.Login);
        if (canSay && !MaySayPassword)
            return Lacking(StatusCodes.SecurityFeatureMissingForNow, $"{host.Name} wants the password of the transport {host.Transport.Name} in clear, and there is no TLS.");
        if (!canSay)
        {
            return Lacking(StatusCodes.SecurityFeatureMissingForNow, offered.Count == 0
                ? $"{host.Name} offers no AUTH, and the transport {host.Transport.Name} has a user name."
                : $"{host.Name} offers AUTH by {string.Join(", ", offered)} only, none of which is known here; the transport {host.Transport.Name} needs one.");
        }

        return offered.Contains(SaslMechanisms.Plain) ? await PlainAsync(cancellationToken) : await LoginAsync(cancellationToken);
    }

    private async Task<SessionOpening> PlainAsync(CancellationToken cancellationToken) =>
        Judge(await SayAsync($"AUTH {SaslMechanisms.Plain}", Base64($"\0{credentials.UserName}\0{credentials.Password}"), cancellationToken));

    private async Task<SessionOpening> LoginAsync(CancellationToken cancellationToken)
    {
        var reply = await dialogue.AskAsync($"AUTH {SaslMechanisms.Login}", timeout, cancellationToken);
        if (reply.Code == Continue)
            reply = await SayAsync(null, Base64(credentials.UserName), cancellationToken);
        if (reply.Code == Continue)
            reply = await SayAsync(null, Base64(credentials.Password), cancellationToken);
        return Judge(reply);
    }

    private async Task<SessionOpening> ScramAsync(string mechanism, bool binds, CancellationToken cancellationToken)
    {
        var exchange = new ScramExchange(credentials, Bindings, binds);
        var reply = await SayAsync($"AUTH {mechanism}", Base64(exchange.First()), cancellationToken);
        if (reply.Code != Continue)
            return Judge(reply);

        if (Text(reply) is not { } first || exchange.Final(first) is not { } final)
            return await CancelAsync($"{host.Name} sent a challenge of {mechanism} that makes no sense.", cancellationToken);

        reply = await SayAsync(null, Base64(final), cancellationToken);
        if (reply.Code is not (Continue or Succeeded))
            return Judge(reply);

        if (Text(reply) is not { } last || !exchange.Believes(last))
        {
            var untrue = $"{host.Name} did not show that it knows the password of the transport {host.Transport.Name}: it may be another host than it says.";
            return reply.Code == Continue ? await CancelAsync(untrue, cancellationToken) : Lacking(StatusCodes.CredentialsRefusedForNow, untrue);
        }

        return Judge(reply.Code == Succeeded ? reply : await SayAsync(null, "", cancellationToken));
    }

    private async Task<SessionOpening> CancelAsync(string reason, CancellationToken cancellationToken) =>
        Lacking(StatusCodes.CredentialsRefusedForNow, reason, await dialogue.AskAsync("*", timeout, cancellationToken));

    private async Task<RemoteReply> SayAsync(string? command, string response, CancellationToken cancellationToken)
    {
        dialogue.Conceal(response);
        if (command is null)
            dialogue.WriteSecret(response);
        else
            dialogue.Write($"{command} {response}");
        await dialogue.FlushAsync(timeout, cancellationToken);
        return await dialogue.ReadReplyAsync(timeout, cancellationToken);
    }

    private SessionOpening Judge(RemoteReply reply) => reply.Code == Succeeded
        ? new SessionOpening.Ready()
        : reply.Code == RemoteReply.Closing
        ? new SessionOpening.Refused(reply)
        : Lacking(
            reply.IsTransient ? reply.Status : StatusCodes.CredentialsRefusedForNow,
            $"{host.Name} did not accept the user name and password of the transport {host.Transport.Name}{(reply.IsTransient ? " now" : "; look at its settings UserName and Password")}.", reply);

    private static SessionOpening.Lacking Lacking(EnhancedStatusCode status, string reason, RemoteReply? reply = null) => new(status, reason, reply);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string? Text(RemoteReply reply)
    {
        var text = reply.Lines[^1];
        var octets = new byte[text.Length];
        return Convert.TryFromBase64String(text, octets, out var written) && LineReader.TryDecode(octets.AsSpan(0, written), out var decoded) ? decoded : null;
    }
}
