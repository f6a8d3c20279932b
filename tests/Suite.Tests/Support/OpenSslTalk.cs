using System.Diagnostics;
using System.Net;

namespace MailSuite.Suite.Tests.Support;

/// <summary>A session by hand over <c>openssl s_client</c>, which shows the keying material of the handshake.</summary>
internal sealed class OpenSslTalk : IDisposable
{
    private const string Mark = "Keying material: ";

    private readonly Process _process;

    private OpenSslTalk(Process process) => _process = process;

    /// <summary>32 octets by the label of RFC 9266.</summary>
    public byte[] KeyingMaterial { get; private set; } = [];

    public static async Task<OpenSslTalk> ConnectAsync(string openssl, IPEndPoint server)
    {
        var start = new ProcessStartInfo(openssl, ["s_client", "-connect", server.ToString(), "-starttls", "smtp", "-tls1_3", "-crlf", "-ign_eof", "-keymatexport", "EXPORTER-Channel-Binding", "-keymatexportlen", "32"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var talk = new OpenSslTalk(Process.Start(start)!);
        talk._process.ErrorDataReceived += static (_, _) => { };
        talk._process.BeginErrorReadLine();
        while (true)
        {
            var line = await talk.ReadLineAsync();
            if (!line.Trim().StartsWith(Mark, StringComparison.Ordinal))
                continue;
            talk.KeyingMaterial = Convert.FromHexString(line.Trim()[Mark.Length..]);
            return talk;
        }
    }

    /// <returns>The last line of the reply.</returns>
    public async Task<string> SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), TestContext.Current.CancellationToken);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        while (true)
        {
            var reply = await ReadLineAsync();
            if (reply is [>= '2' and <= '5', >= '0' and <= '9', >= '0' and <= '9', ' ', ..])
                return reply;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException("openssl ended.");
}
