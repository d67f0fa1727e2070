/* Memory for the values of one class, kept from step to step.

   A training step makes some ten thousand values and frees them again. Python's allocator hands the
   memory back to the system as soon as an arena is empty, and the system provides it anew, page by
   page, at the next step; that takes longer than the backward pass. Here the slots of values lie in
   chunks that stay. A chunk gives the slot that was freed last first: a circuit is freed from its
   output down, so the next one finds its slots in the order in which it is made, and a walk goes
   through memory in one direction. An empty chunk starts afresh; up to KEPT of them are kept.

   Only the class itself has its values here; instances of subclasses have Python's allocator. All of
   this runs under the interpreter's lock. */

#include <stdlib.h>
#include <string.h>

#define CHUNK ((size_t)1 << 19)
#define KEPT 128 /* empty chunks, 64 MB */

#ifdef _MSC_VER
#include <malloc.h>
#define new_chunk() _aligned_malloc(CHUNK, CHUNK)
#define free_chunk(chunk) _aligned_free(chunk)
#else
#define new_chunk() aligned_alloc(CHUNK, CHUNK)
#define free_chunk(chunk) free(chunk)
#endif

typedef struct Chunk {
    struct Chunk *next, *previous; /* among the chunks that have room; next is NULL if it has none */
    void *freed;                   /* slots that were freed; the first word of each has the next */
    char *fresh;                   /* the first slot that was never used */
    size_t used;
} Chunk;

static PyTypeObject *values;
static size_t slot_size;
static Chunk room = {&room, &room, NULL, NULL, 0};
static size_t empty;

static void enter(Chunk *chunk) {
    chunk->next = room.next;
    chunk->previous = &room;
    chunk->next->previous = room.next = chunk;
}

static void leave(Chunk *chunk) {
    chunk->next->previous = chunk->previous;
    chunk->previous->next = chunk->next;
    chunk->next = NULL;
}

static void start_afresh(Chunk *chunk) {
    chunk->freed = NULL;
    chunk->fresh = (char *)(chunk + 1);
    chunk->used = 0;
}

static PyObject *alloc_value(PyTypeObject *type, Py_ssize_t items) {
    Chunk *chunk = room.next;
    void *slot;
    if (type != values) return PyType_GenericAlloc(type, items);
    if (chunk == &room) {
        chunk = (Chunk *)new_chunk();
        if (chunk == NULL) return PyErr_NoMemory();
        start_afresh(chunk);
        enter(chunk);
        empty++;
    }
    if (chunk->freed != NULL) {
        slot = chunk->freed;
        chunk->freed = *(void **)slot;
    } else {
        slot = chunk->fresh;
        chunk->fresh += slot_size;
    }
    if (chunk->used++ == 0) empty--;
    if (chunk->freed == NULL && chunk->fresh + slot_size > (char *)chunk + CHUNK) leave(chunk);
    memset(slot, 0, slot_size);
    return PyObject_Init((PyObject *)slot, type);
}

static void free_value(void *slot) {
    Chunk *chunk = (Chunk *)((size_t)slot & ~(CHUNK - 1));
    PyTypeObject *type = Py_TYPE((PyObject *)slot);
    if (type != values) {
        PyType_IS_GC(type) ? PyObject_GC_Del(slot) : PyObject_Free(slot);
        return;
    }
    *(void **)slot = chunk->freed;
    chunk->freed = slot;
    if (chunk->next == NULL) enter(chunk);
    if (--chunk->used == 0) {
        start_afresh(chunk);
        if (++empty > KEPT) {
            leave(chunk);
            free_chunk(chunk);
            empty--;
        }
    }
}

/* Let a class that adds no field to its base be made and freed in one call, as the base is, with
   its values in chunks. */
static inline void keep_memory(PyTypeObject *type, PyTypeObject *base) {
    type->tp_new = base->tp_new;
    type->tp_dealloc = base->tp_dealloc;
#ifndef Py_GIL_DISABLED
    values = type;
    slot_size = (size_t)type->tp_basicsize;
    type->tp_alloc = alloc_value;
    type->tp_free = free_value;
#endif
}
