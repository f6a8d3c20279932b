using System.Diagnostics;

namespace MailSuite.Suite.Tests.Support;

/// <summary>Programs of others that the tests use. One that is not there skips the test, or fails it where all are required.</summary>
internal static class RealPrograms
{
    private const string RequireAllVariable = "MAILSUITE_TEST_REQUIRE_ALL";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>The path of a program, or a skipped test.</summary>
    public static string Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                var file = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
                if (File.Exists(file))
                    return file;
            }
        }

        Missing($"{names[0]} is not installed on this machine; this test talks to the real program.");
        return "";
    }

    /// <summary>Skips the test, or fails it where every program is required.</summary>
    public static void Missing(string what)
    {
        if (Environment.GetEnvironmentVariable(RequireAllVariable) == "1")
            Assert.Fail(what);
        Assert.Skip(what);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code and everything it said.</returns>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string file, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MAILSUITE_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Timeout);
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Path.GetFileName(file)} {string.Join(' ', arguments)} did not end within {Timeout}.", e);
        }
    }
}
