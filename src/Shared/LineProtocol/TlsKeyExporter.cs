using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Authentication;

namespace MailSuite.Shared.LineProtocol;

/// <summary>Keying material of a TLS 1.3 connection (RFC 5705, RFC 8446 §7.5), which <see cref="SslStream"/> has and does not give away.</summary>
/// <remarks>
/// It asks OpenSSL, by the handle that the stream holds. Where anything is not as expected (another platform, another version of .NET,
/// two OpenSSLs in one process) there is no material, and the binding is not accepted. Why so: <c>decisions/0001-tls-exporter.md</c>.
/// </remarks>
internal static class TlsKeyExporter
{
    /// <summary>RFC 9266 §4.2: this label, an empty context, 32 octets.</summary>
    private const int ExportedOctets = 32;

    private const string HandleType = "Microsoft.Win32.SafeHandles.SafeSslHandle";
    private const int Tls13 = 0x0304;

    private static readonly FieldInfo? HandleField = typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    private static readonly Lazy<Functions?> OpenSsl = new(Find);

    private delegate int Export(IntPtr ssl, byte[] output, nuint outputLength, byte[] label, nuint labelLength, IntPtr context, nuint contextLength, int useContext);

    private delegate int Version(IntPtr ssl);

    /// <summary>The octets; <see langword="null"/> where they cannot be had.</summary>
    public static byte[]? TryExport(SslStream stream)
    {
        if (stream.SslProtocol != SslProtocols.Tls13 || HandleField?.GetValue(stream) is not SafeHandle { IsInvalid: false, IsClosed: false } handle)
            return null;

        if (handle.GetType().FullName != HandleType || OpenSsl.Value is not { } functions)
            return null;

        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            var ssl = handle.DangerousGetHandle();
            var octets = new byte[ExportedOctets];
            var label = "EXPORTER-Channel-Binding"u8.ToArray();
            return functions.Version(ssl) == Tls13 && functions.Export(ssl, octets, ExportedOctets, label, (nuint)label.Length, 0, 0, 0) == 1 ? octets : null;
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }

    /// <summary>The very library that the stream uses: the only one of its name that is loaded.</summary>
    private static Functions? Find()
    {
        const string Maps = "/proc/self/maps";
        try
        {
            if (!OperatingSystem.IsLinux())
                return null;

            var files = File.ReadLines(Maps).Select(line => line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : "")
                .Where(file => Path.GetFileName(file).StartsWith("libssl.so", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
            if (files is not [var file] || !NativeLibrary.TryLoad(file, out var library))
                return null;

            return NativeLibrary.TryGetExport(library, "SSL_export_keying_material", out var export) && NativeLibrary.TryGetExport(library, "SSL_version", out var version)
                ? new Functions(Marshal.GetDelegateForFunctionPointer<Export>(export), Marshal.GetDelegateForFunctionPointer<Version>(version))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Functions(Export Export, Version Version);
}
