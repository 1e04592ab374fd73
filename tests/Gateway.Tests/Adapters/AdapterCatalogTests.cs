using Gateway.Adapters;

namespace Gateway.Tests.Adapters;

public class AdapterCatalogTests
{
    [Fact]
    public void All_Types_HaveNamesOfTheirOwnAndAMeaning()
    {
        Assert.Equal(AdapterCatalog.All.Count, AdapterCatalog.All.Select(t => t.Type).Distinct().Count());
        Assert.All(AdapterCatalog.All, t => Assert.NotEmpty(t.Meaning));
    }
}
