using MailSuite.Host.Configuration;

namespace MailSuite.Suite.Tests.Support;

/// <summary>What swaks did: its exit code, and everything it printed, the dialogue among it.</summary>
/// <param name="Transcript">The dialogue, and behind it its own complaints, <c>*** …</c>.</param>
internal sealed record Swaks(int Code, string Transcript)
{
    /// <summary>Runs swaks against one listener, from eve@example.net with a fixed name and body; later options win over these.</summary>
    public static async Task<Swaks> RunAsync(ProgramUnderTest suite, EndpointKind kind, params string[] options)
    {
        var swaks = RealPrograms.Find("swaks");
        var endPoint = suite.EndPoint(kind);
        var (code, output, error) = await RealPrograms.RunAsync(swaks,
        [
            "--config", "--server", $"{endPoint.Address}", "--port", $"{endPoint.Port}", "--helo", "client.example.net", "--from", "eve@example.net", "--body", "Hello.", .. options,
        ]);
        var transcript = output + error;
        if (transcript.Contains("TLS not available", StringComparison.Ordinal))
            RealPrograms.Missing("This swaks cannot speak TLS: Net::SSLeay is not installed.");
        return new Swaks(code, transcript);
    }

    /// <summary>It ended with this code, having said and heard all of these in this order, and having complained of those that are complaints.</summary>
    public void Ended(int code, params string[] heard)
    {
        Assert.True(Code == code, $"{Code} instead of {code}:\n{Transcript}");
        var from = 0;
        foreach (var line in heard)
        {
            var isComplaint = line.StartsWith("*** ", StringComparison.Ordinal);
            var at = Transcript.IndexOf(line, isComplaint ? 0 : from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"not there in its turn: {line}\n{Transcript}");
            from = isComplaint ? from : at + line.Length;
        }
    }

    public void NeverSaid(string text) => Assert.DoesNotContain(text, Transcript, StringComparison.Ordinal);
}
