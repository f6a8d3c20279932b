using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MailSuite.Host.Running;

/// <summary>What a running program tells the commands of the same user, in <c>run.json</c> of its data directory.</summary>
/// <param name="DataDirectory">Absolute; the directory this file lies in.</param>
/// <param name="ConfigurationFile">Absolute; <see langword="null"/> when the program was given none.</param>
/// <param name="Web">Where the API answers.</param>
/// <param name="Token">The secret that the API asks for; another one at each start. Never printed.</param>
/// <param name="Endpoints">What listens where, name → addresses with ports.</param>
internal sealed record RunFile(
    int ProcessId, string Version, string Profile, int PortOffset, string DataDirectory, string? ConfigurationFile, DateTimeOffset StartedAt, Uri Web,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Endpoints, string Token)
{
    private const string Name = "run.json";
    private const int TokenOctets = 32;

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenOctets));

    /// <summary>Writes the file whole or not at all, readable for its owner only.</summary>
    public void Write()
    {
        var path = Path.Combine(DataDirectory, Name);
        var fresh = $"{path}.{ProcessId}";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(fresh, options))
            JsonSerializer.Serialize(stream, this, RunFileJson.Default.RunFile);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Removes the file of this process.</summary>
    public void Remove()
    {
        if (Read(DataDirectory)?.ProcessId == ProcessId)
            File.Delete(Path.Combine(DataDirectory, Name));
    }

    /// <summary>The file as it is; <see langword="null"/> when there is none that can be read.</summary>
    public static RunFile? Read(string dataDirectory)
    {
        try
        {
            using var stream = File.OpenRead(Path.Combine(dataDirectory, Name));
            return JsonSerializer.Deserialize(stream, RunFileJson.Default.RunFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the process is alive; one that was killed leaves its file behind.</summary>
    public bool IsAlive()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return !process.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    public override string ToString() => $"MailSuite {Version}, process {ProcessId}, {Web}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunFile))]
internal sealed partial class RunFileJson : JsonSerializerContext;
