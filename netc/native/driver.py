"""The native code that goes through tables of calls, and that makes threads wait for each other.

Memory that threads share is a *board*: words of 64 bits in rows of 16, so that no two rows touch
one line of a cache, nor the line that is fetched along with it. The first row does not change.
Each thread but the leading one has a *post* on it, a row with its state and its table.
"""

from functools import cache
from string import Template

from netc.native.compile import addresses_in, kept_code
from netc.native.system import WINDOWS
from netc.native.target import host

ROW = 16
"""Words of a row."""

THREADS, GIVE_WAY, SLEEP, NAP, CLOCK, CLOCK_KIND, SPINS, YIELDS, PATIENCE, WHERE = range(10)
"""Words of the first row. A wait turns `SPINS` times, then gives way until turn `YIELDS`, and then
sleeps between looks. A thread without work waits for `PATIENCE` turns. `WHERE` is a function that
tells which processor it is called on, or 0."""

ARRIVED, OPENED, POSTS = ROW, 2 * ROW, 3 * ROW
"""The first words of the rows of the barrier: how many wait at it, and how often it has opened;
and that of the posts, of which the leading thread has the first, for its table."""

IDLE, PARKED, CLAIMED, BUSY, STOPPED = range(5)
"""States of a post. A thread goes from idle to parked when nothing comes; only the leading thread
makes it claimed and, when all are, busy: so nobody begins unless all do."""

TABLE, PROCESSOR, CROWDED = 1, 2, 3
"""The words of a post that hold the address of its table, the processor its thread was on when it
last began, and how many runs in a row it has shared that with another; the state is word 0."""

RUNS, TRIES = 4, 1000
"""After so many runs on one processor with another, a thread asks to be moved; and again if that
has not helped for so many more."""

_PAUSES = {
    "x86_64": ("declare void @llvm.x86.sse2.pause()", "call void @llvm.x86.sse2.pause()"),
    # `isb` waits some nanoseconds as `pause` does; `yield` does nothing on most processors.
    "aarch64": ("declare void @llvm.aarch64.isb(i32)", "call void @llvm.aarch64.isb(i32 15)"),
}


@cache
def driver() -> dict[str, int]:
    """Addresses of the functions of the driver:

    * `drive(table)` makes the calls of a table. A call is its entry, the number of its words, these
      two included, and its arguments; a word of 0 ends the table.
    * `barrier(slots)` waits for all threads of the board that the first slot points to.
    * `stamp(slots)` writes the time to an address; slots are the board and the address.
    * `work(board, index)` serves a post until it is parked (0), stopped (1), or parked because it
      should be moved to another processor (2).
    * `lead(board, patience)` runs the tables of all threads: 0 when they are done, and 1 if nothing
      was begun because a thread is parked and did not come in `patience` turns.
    """
    names = ("drive", "barrier", "stamp", "work", "lead")
    code = kept_code("driver", lambda: driver_text(host().triple))
    return dict(zip(names, addresses_in([code], [f"netc_{n}" for n in names]), strict=True))


def driver_text(triple: str) -> str:
    """The driver in LLVM's language."""
    machine = triple.partition("-")[0].replace("arm64", "aarch64").replace("amd64", "x86_64")
    declaration, pause = _PAUSES.get(machine, ("", ""))
    stamp = _STAMP_WINDOWS if WINDOWS else _STAMP
    text = "".join((declaration, _WAIT, _DRIVE, _BARRIER, _WORK, _LEAD, stamp))
    head = f'target triple = "{triple}"\n'
    return head + Template(text).substitute(_NUMBERS, PAUSE=pause)


_NUMBERS = {name: number for name, number in globals().items() if isinstance(number, int)}
"""The constants above, by the names they have in the text."""

_WAIT = """
; Wait until a word is no longer what it was, for at most %limit turns; gives what it is then.
; Spinning is the fastest answer. Whoever waits longer may keep from work the very thread that is
; waited for, so it gives way; and since giving way is no sleep, it sleeps when even that is long.
define internal i64 @wait(ptr %board, ptr %word, i64 %old, i64 %limit) noinline nounwind {
entry:
  %p.spins = getelementptr i64, ptr %board, i64 $SPINS
  %p.yields = getelementptr i64, ptr %board, i64 $YIELDS
  br label %look
look:
  %turn = phi i64 [ 0, %entry ], [ %following, %again ]
  %now = load atomic i64, ptr %word acquire, align 8
  %changed = icmp ne i64 %now, %old
  %enough = icmp uge i64 %turn, %limit
  %done = or i1 %changed, %enough
  br i1 %done, label %end, label %stay
stay:
  %spins = load i64, ptr %p.spins, align 8
  %short = icmp ult i64 %turn, %spins
  br i1 %short, label %spin, label %long
spin:
  $PAUSE
  br label %again
long:
  %yields = load i64, ptr %p.yields, align 8
  %medium = icmp ult i64 %turn, %yields
  br i1 %medium, label %yield, label %rest
yield:
  %p.give = getelementptr i64, ptr %board, i64 $GIVE_WAY
  %give = load ptr, ptr %p.give, align 8
  %r1 = call i32 %give()
  br label %again
rest:
  %p.sleep = getelementptr i64, ptr %board, i64 $SLEEP
  %p.nap = getelementptr i64, ptr %board, i64 $NAP
  %sleep = load ptr, ptr %p.sleep, align 8
  %nap.long = load i64, ptr %p.nap, align 8
  %nap = trunc i64 %nap.long to i32
  %r2 = call i32 %sleep(i32 %nap)
  br label %again
again:
  %following = add i64 %turn, 1
  br label %look
end:
  ret i64 %now
}
"""

_DRIVE = """
define void @netc_drive(ptr %table) noinline nounwind {
start:
  br label %next
next:
  %call = phi ptr [ %table, %start ], [ %following, %make ]
  %entry = load ptr, ptr %call, align 8
  %over = icmp eq ptr %entry, null
  br i1 %over, label %end, label %make
make:
  %p.words = getelementptr i64, ptr %call, i64 1
  %words = load i64, ptr %p.words, align 8
  %arguments = getelementptr i64, ptr %call, i64 2
  call void %entry(ptr %arguments)
  %following = getelementptr i64, ptr %call, i64 %words
  br label %next
end:
  ret void
}
"""

_BARRIER = """
define void @netc_barrier(ptr %slots) noinline nounwind {
  %board = load ptr, ptr %slots, align 8
  call void @meet(ptr %board)
  ret void
}
; The last to come sets the count back before it opens: none can be at the next barrier before.
define internal void @meet(ptr %board) noinline nounwind {
entry:
  %arrived = getelementptr i64, ptr %board, i64 $ARRIVED
  %opened = getelementptr i64, ptr %board, i64 $OPENED
  %threads = load i64, ptr %board, align 8
  %round = load atomic i64, ptr %opened acquire, align 8
  %before = atomicrmw add ptr %arrived, i64 1 acq_rel
  %count = add i64 %before, 1
  %last = icmp eq i64 %count, %threads
  br i1 %last, label %open, label %stay
open:
  store atomic i64 0, ptr %arrived monotonic, align 8
  %following = add i64 %round, 1
  store atomic i64 %following, ptr %opened release, align 8
  ret void
stay:
  %now = call i64 @wait(ptr %board, ptr %opened, i64 %round, i64 -1)
  ret void
}
"""

_WORK = """
define internal ptr @post(ptr %board, i64 %index) nounwind {
  %rows = mul i64 %index, $ROW
  %word = add i64 %rows, $POSTS
  %post = getelementptr i64, ptr %board, i64 %word
  ret ptr %post
}
define internal void @drive_post(ptr %board, ptr %post) nounwind {
entry:
  %p.where = getelementptr i64, ptr %board, i64 $WHERE
  %where = load ptr, ptr %p.where, align 8
  %unknown = icmp eq ptr %where, null
  br i1 %unknown, label %run, label %ask
ask:
  %number = call i32 %where()
  %processor = zext i32 %number to i64
  %p.processor = getelementptr i64, ptr %post, i64 $PROCESSOR
  store atomic i64 %processor, ptr %p.processor monotonic, align 8
  br label %run
run:
  %p.table = getelementptr i64, ptr %post, i64 $TABLE
  %table = load ptr, ptr %p.table, align 8
  call void @netc_drive(ptr %table)
  ret void
}
; Is a post, after a run, to be moved away from the processor of one that comes before it?
define internal i1 @crowded(ptr %board, i64 %index) nounwind {
entry:
  %post = call ptr @post(ptr %board, i64 %index)
  %p.own = getelementptr i64, ptr %post, i64 $PROCESSOR
  %own = load i64, ptr %p.own, align 8
  %p.count = getelementptr i64, ptr %post, i64 $CROWDED
  %known = icmp sge i64 %own, 0
  br i1 %known, label %look, label %no
look:
  %i = phi i64 [ 0, %entry ], [ %following, %next ]
  %over = icmp sge i64 %i, %index
  br i1 %over, label %no, label %compare
compare:
  %other = call ptr @post(ptr %board, i64 %i)
  %p.processor = getelementptr i64, ptr %other, i64 $PROCESSOR
  %processor = load atomic i64, ptr %p.processor monotonic, align 8
  %same = icmp eq i64 %processor, %own
  br i1 %same, label %yes, label %next
next:
  %following = add i64 %i, 1
  br label %look
yes:
  %before = load i64, ptr %p.count, align 8
  %count = add i64 %before, 1
  %enough = icmp sge i64 %count, $RUNS
  %kept = select i1 %enough, i64 -$TRIES, i64 %count
  store i64 %kept, ptr %p.count, align 8
  ret i1 %enough
no:
  store i64 0, ptr %p.count, align 8
  ret i1 false
}
define i64 @netc_work(ptr %board, i64 %index) noinline nounwind {
entry:
  %post = call ptr @post(ptr %board, i64 %index)
  %p.patience = getelementptr i64, ptr %board, i64 $PATIENCE
  %patience = load i64, ptr %p.patience, align 8
  %begin = cmpxchg ptr %post, i64 $PARKED, i64 $IDLE acq_rel acquire
  br label %idle
idle:
  %state = call i64 @wait(ptr %board, ptr %post, i64 $IDLE, i64 %patience)
  switch i64 %state, label %stopped [
    i64 $IDLE, label %park
    i64 $CLAIMED, label %claimed
    i64 $BUSY, label %busy
  ]
park:
  %try = cmpxchg ptr %post, i64 $IDLE, i64 $PARKED acq_rel acquire
  %parked = extractvalue { i64, i1 } %try, 1
  br i1 %parked, label %leave, label %idle
claimed:
  %next = call i64 @wait(ptr %board, ptr %post, i64 $CLAIMED, i64 -1)
  br label %idle
busy:
  call void @drive_post(ptr %board, ptr %post)
  store atomic i64 $IDLE, ptr %post release, align 8
  call void @meet(ptr %board)
  %crowded = call i1 @crowded(ptr %board, i64 %index)
  br i1 %crowded, label %part, label %idle
part:
  %try.part = cmpxchg ptr %post, i64 $IDLE, i64 $PARKED acq_rel acquire
  %parted = extractvalue { i64, i1 } %try.part, 1
  br i1 %parted, label %move, label %idle
move:
  ret i64 2
leave:
  ret i64 0
stopped:
  ret i64 1
}
"""

_LEAD = """
define i64 @netc_lead(ptr %board, i64 %patience) noinline nounwind {
entry:
  %threads = load i64, ptr %board, align 8
  br label %claim
claim:
  %i = phi i64 [ 1, %entry ], [ %i.next, %claimed ]
  %all = icmp sge i64 %i, %threads
  br i1 %all, label %begin, label %ask
ask:
  %post = call ptr @post(ptr %board, i64 %i)
  %state = call i64 @wait(ptr %board, ptr %post, i64 $PARKED, i64 %patience)
  %try = cmpxchg ptr %post, i64 $IDLE, i64 $CLAIMED acq_rel acquire
  %ready = extractvalue { i64, i1 } %try, 1
  br i1 %ready, label %claimed, label %give_up
claimed:
  %i.next = add i64 %i, 1
  br label %claim
give_up:
  %j = phi i64 [ %i, %ask ], [ %j.before, %free ]
  %j.before = sub i64 %j, 1
  %any = icmp sgt i64 %j.before, 0
  br i1 %any, label %free, label %failed
free:
  %held = call ptr @post(ptr %board, i64 %j.before)
  store atomic i64 $IDLE, ptr %held release, align 8
  br label %give_up
failed:
  ret i64 1
begin:
  %k = phi i64 [ 1, %claim ], [ %k.next, %send ]
  %sent = icmp sge i64 %k, %threads
  br i1 %sent, label %run, label %send
send:
  %worker = call ptr @post(ptr %board, i64 %k)
  store atomic i64 $BUSY, ptr %worker release, align 8
  %k.next = add i64 %k, 1
  br label %begin
run:
  %own = call ptr @post(ptr %board, i64 0)
  call void @drive_post(ptr %board, ptr %own)
  call void @meet(ptr %board)
  ret i64 0
}
"""

_STAMP = """
define void @netc_stamp(ptr %slots) noinline nounwind {
  %board = load ptr, ptr %slots, align 8
  %p.place = getelementptr i64, ptr %slots, i64 1
  %place = load ptr, ptr %p.place, align 8
  %p.clock = getelementptr i64, ptr %board, i64 $CLOCK
  %clock = load ptr, ptr %p.clock, align 8
  %p.kind = getelementptr i64, ptr %board, i64 $CLOCK_KIND
  %kind.long = load i64, ptr %p.kind, align 8
  %kind = trunc i64 %kind.long to i32
  %r = call i32 %clock(i32 %kind, ptr %place)
  ret void
}
"""

_STAMP_WINDOWS = """
define void @netc_stamp(ptr %slots) noinline nounwind {
  %board = load ptr, ptr %slots, align 8
  %p.place = getelementptr i64, ptr %slots, i64 1
  %place = load ptr, ptr %p.place, align 8
  %count = getelementptr i64, ptr %place, i64 1
  %p.clock = getelementptr i64, ptr %board, i64 $CLOCK
  %clock = load ptr, ptr %p.clock, align 8
  %r = call i32 %clock(ptr %count)
  ret void
}
"""
