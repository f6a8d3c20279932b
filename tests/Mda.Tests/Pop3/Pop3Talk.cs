using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>A client that says what a test decides as it goes.</summary>
internal sealed class Pop3Talk : IAsyncDisposable
{
    private readonly ConnectedTransports _transports;
    private readonly CancellationTokenSource _stopping = new();
    private LineReader _lines;

    public Pop3Talk(Pop3Scene scene, string address = "192.0.2.7", Chunking chunking = Chunking.WholeTurn)
    {
        _transports = new ConnectedTransports(chunking, new IPEndPoint(IPAddress.Parse(address), 40_000));
        Serving = ServeAsync(scene);
        _lines = new LineReader(_transports.Client, 64 * 1024);
    }

    /// <summary>Done when the server has closed.</summary>
    public Task Serving { get; }

    public byte[]? Certificate { get; private set; }

    public static async Task<Pop3Talk> SignedInAsync(Pop3Scene scene, string account)
    {
        var talk = new Pop3Talk(scene);
        await talk.ReadAsync();
        await talk.SayAsync($"USER {account}");
        Assert.StartsWith("+OK", await talk.SayAsync("PASS secret"), StringComparison.Ordinal);
        return talk;
    }

    /// <summary>Says one line and hears one.</summary>
    public async Task<string> SayAsync(string line)
    {
        await SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
        return await ReadAsync();
    }

    public Task SendAsync(byte[] octets) => _transports.SendAsync(octets, TestContext.Current.CancellationToken);

    public async Task<string> ReadAsync()
    {
        var line = await _lines.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(LineOutcome.Line, line.Outcome);
        return Encoding.UTF8.GetString(line.Octets.Span);
    }

    /// <summary>The lines up to the end of a response of several, dots as they came.</summary>
    public async Task<IReadOnlyList<string>> ReadListAsync()
    {
        var lines = new List<string>();
        while (await ReadAsync() is var line and not ".")
            lines.Add(line);
        return lines;
    }

    public async Task BeginTlsAsync()
    {
        await _transports.Client.UpgradeToTlsAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = Accept }, TestContext.Current.CancellationToken);
        _lines = new LineReader(_transports.Client, 64 * 1024);
    }

    public async ValueTask DisposeAsync()
    {
        await _transports.Client.DisposeAsync();
        await Serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync(Pop3Scene scene)
    {
        await scene.Server.ServeAsync(_transports.Server, scene.ImplicitTls, _stopping.Token);
        await _transports.Server.DisposeAsync();
    }

    private bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Certificate = certificate?.GetRawCertData();
        return true;
    }
}
