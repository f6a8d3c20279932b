using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Support;

/// <summary>Postfix's own SMTP server for tests: a peer that nobody here wrote. Keeps each message in a file.</summary>
internal sealed class SmtpSink : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Process _process;

    private SmtpSink(string program, params ReadOnlySpan<string> refusing)
    {
        Port = FreePort();
        var arguments = new List<string> { "-D", Path.Combine(_directory.Path, "message.") };
        arguments.AddRange(refusing);

        // It refuses to run as root, and then has to be able to write here.
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory.Path, (UnixFileMode)0b111_111_111);
            arguments.AddRange(["-u", "nobody"]);
        }

        arguments.AddRange([$"127.0.0.1:{Port}", "50"]);
        _process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    public int Port { get; }

    /// <summary>The messages so far, with the envelope lines that it puts in front.</summary>
    public IReadOnlyList<string> Messages => [.. Directory.EnumerateFiles(_directory.Path).Select(File.ReadAllText)];

    /// <param name="refusing">Its options for refusals, such as <c>-f RCPT</c>.</param>
    public static async Task<SmtpSink> StartAsync(params string[] refusing)
    {
        var sink = new SmtpSink(RealPrograms.Find("smtp-sink"), refusing);
        await Eventually.HoldsAsync(async () =>
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, sink.Port, TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException) when (!sink._process.HasExited)
            {
                return false;
            }
        }, "smtp-sink to listen");
        return sink;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _directory.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
