using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>The register map of a known device, as a part of an entry of <c>devices</c>.</summary>
/// <param name="Use">What it is, and where it comes from.</param>
/// <param name="Keys">The keys that it gives to the device, with their places in its file.</param>
internal sealed record DeviceTemplate(TemplateUse Use, MapNode Keys);

/// <summary>A template, as a device uses it.</summary>
/// <param name="Name">As written in <c>template: sdm630</c>.</param>
/// <param name="Device">Maker and model.</param>
/// <param name="Document">The maker's document that it was taken from.</param>
/// <param name="Page">Where in it; null: not said.</param>
/// <param name="IsUnverified">It could not be compared with the maker's document.</param>
/// <param name="File">Its file; one that is shipped has none on the disk.</param>
public sealed record TemplateUse(string Name, string Device, string? Document, string? Page, bool IsUnverified, string File)
{
    /// <summary>For people: the document and the page.</summary>
    public string Source => Document is null ? "no document named" : Page is null ? Document : $"{Document}, {Page}";
}
