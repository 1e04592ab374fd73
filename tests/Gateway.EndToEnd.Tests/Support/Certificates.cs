namespace Gateway.EndToEnd.Tests.Support;

/// <summary>An authority and what it signed, made with openssl.</summary>
internal sealed class Certificates(TempFolder folder, string name)
{
    public string Ca { get; } = folder.Of($"{name}-ca.crt");

    private string CaKey { get; } = folder.Of($"{name}-ca.key");

    public static async Task<Certificates> MakeAsync(TempFolder folder, string name)
    {
        var authority = new Certificates(folder, name);
        await OpensslAsync("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
            "-subj", $"/CN={name} authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", authority.CaKey, "-out", authority.Ca);
        return authority;
    }

    /// <param name="subject">Common name.</param>
    /// <param name="extensions">Such as <c>subjectAltName=IP:127.0.0.1</c>.</param>
    /// <param name="days">Days that it is valid; -1: it expired yesterday.</param>
    public async Task<(string Certificate, string Key)> SignAsync(string subject, string extensions, int days = 30)
    {
        var (certificate, key, request) = (folder.Of($"{subject}.crt"), folder.Of($"{subject}.key"), folder.Of($"{subject}.csr"));
        await OpensslAsync("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", subject.Length > 0 ? $"/CN={subject}" : "/", "-keyout", key, "-out", request);
        await OpensslAsync("x509", "-req", "-days", $"{days}", "-in", request, "-CA", Ca, "-CAkey", CaKey, "-CAcreateserial",
            "-extfile", folder.Write($"{subject}.ext", extensions), "-out", certificate);
        return (certificate, key);
    }

    private static async Task OpensslAsync(params string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync("openssl", arguments);
        Assert.True(code == 0, output);
    }
}
