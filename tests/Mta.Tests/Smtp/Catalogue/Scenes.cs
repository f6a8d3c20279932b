using System.Net;
using System.Text;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp.Catalogue;

/// <summary>Servers that together offer all that a server of ours can offer. Who adds an option that makes EHLO say more turns it on here.</summary>
internal static class Scenes
{
    private static readonly (SmtpRole Role, Func<MtaOptions, MtaOptions> Configure, bool HasTls)[] All =
    [
        (SmtpRole.Mx, options => options, true),
        (SmtpRole.Mx, Everything, false),
        (SmtpRole.Submission, Everything, false),
    ];

    /// <summary>The first words of all lines that EHLO says in any of them.</summary>
    internal static async Task<IReadOnlySet<string>> KeywordsAsync()
    {
        var keywords = new HashSet<string>();
        foreach (var (role, configure, hasTls) in All)
        {
            await using var scene = new SmtpScene(role, configure, tls: hasTls ? new SelfSignedTls() : null);
            var reply = await AskAsync(scene, "EHLO client.example.net");
            keywords.UnionWith(reply.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Where(line => line.StartsWith("250", StringComparison.Ordinal)).Skip(1).Select(line => line[4..].Split(' ')[0]));
        }

        return keywords;
    }

    /// <summary>The verbs of all of them.</summary>
    internal static IReadOnlySet<string> Verbs()
    {
        var verbs = new HashSet<string>();
        foreach (var (role, configure, _) in All)
        {
            var scene = new SmtpScene(role, configure);
            verbs.UnionWith(scene.Commands.Select(command => command.Verb));
            scene.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return verbs;
    }

    private static readonly IPNetwork AnyNetwork = IPNetwork.Parse("0.0.0.0/0");

    private static MtaOptions Everything(MtaOptions options) => options with
    {
        AllowPlaintextAuthentication = true,
        Terminal = Offer.Always,
        Verify = Offer.Always,
        Expand = Offer.Always,
        XclientPeers = [AnyNetwork],
        XforwardPeers = [AnyNetwork],
        TurnDomains = new Dictionary<Domain, TurnDomain> { [Domain.Parse("customer.test")] = new([EnvelopeAddress.Parse("alice@example.org")], [], TryMx: false) },
    };

    private static async Task<string> AskAsync(SmtpScene scene, string command)
    {
        await using var transports = new ConnectedTransports(client: new IPEndPoint(IPAddress.Loopback, 40_000));
        var session = scene.Server.ServeAsync(transports.Server, scene.Role, CancellationToken.None);
        await transports.SendAsync(Encoding.ASCII.GetBytes(command + "\r\nQUIT\r\n"), CancellationToken.None);
        await session;
        await transports.Server.DisposeAsync();
        var said = new StringBuilder();
        while (true)
        {
            var read = await transports.Client.Input.ReadAsync(TestContext.Current.CancellationToken);
            said.Append(Encoding.ASCII.GetString(read.Buffer));
            transports.Client.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return said.ToString();
        }
    }
}
