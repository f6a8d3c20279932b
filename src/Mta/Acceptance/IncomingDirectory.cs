using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Hosting;

namespace MailSuite.Mta.Acceptance;

/// <summary>Where large messages lie while they arrive, and while they are re-coded for another host. Nothing in it is promised to anybody: at start it is emptied of what a killed process left.</summary>
internal sealed class IncomingDirectory(MtaOptions options) : IHostedService
{
    private const string Extension = ".incoming";

    private readonly string _path = Path.Combine(options.DataDirectory, "incoming");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_path);
        foreach (var left in Directory.EnumerateFiles(_path, "*" + Extension))
            File.Delete(left);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A new empty file, gone when it is closed.</summary>
    public FileStream Create()
    {
        Directory.CreateDirectory(_path);
        var how = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(_path, Guid.NewGuid().ToString("N") + Extension), how);
    }
}
