namespace AiRouter.Api.Endpoints;

/// <summary>Maps the operations that have no model: <see cref="OperationTable.WithoutModel"/>.</summary>
internal static class StoredObjectEndpoints
{
    private static readonly string[] ObjectMethods = ["GET", "POST", "DELETE"];

    /// <summary>Maps each collection, and everything below each of its objects.</summary>
    public static void MapStoredObjects(this IEndpointRouteBuilder endpoints)
    {
        var handler = endpoints.ServiceProvider.GetRequiredService<StoredObjectHandler>();
        foreach (var collection in OperationTable.WithoutModel)
        {
            foreach (var method in collection.CollectionMethods)
            {
                endpoints.MapMethods(
                    collection.Path, [method], (RequestDelegate)(http => handler.HandleAsync(http, collection)));
            }

            if (collection.HasObjects)
            {
                endpoints.MapMethods(
                    collection.Path + "/{id}/{**rest}", ObjectMethods,
                    (RequestDelegate)(http => handler.HandleAsync(http, collection)));
            }
        }
    }
}
