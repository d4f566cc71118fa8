; Start-up code: vectors, interrupt handler, bank switching. Replaces the C library's crt0.
	.module crt0
	.globl _main

; High RAM, in step with hardware.h.
h_dma       = 0xFF80
h_bank      = 0x90
h_vblank    = 0x91
h_keys      = 0x92
h_pressed   = 0x93
h_queue     = 0x94
h_scroll_x  = 0x95
h_scroll_y  = 0x96
h_window_y  = 0x97
h_lcdc      = 0x98
h_palette   = 0x99
h_copy_bank = 0xA0
h_copy_low  = 0xA1
h_copy_high = 0xA2

; Work RAM, in step with state.h.
OAM_PAGE    = 0xC0
ISR_LINE    = 0xC0F0
MAIN_LINE   = 0xC0F1
LAG_FRAMES  = 0xC0F2
CRASH       = 0xC10A
FRAME       = 0xC10C
VRAM_QUEUE  = 0xCB00
STACK_END   = 0xDE00
STACK_TOP   = 0xDFFE
STACK_MARK  = 0xA5

CRASH_STACK     = 0xCA
CRASH_EMPTY_ROM = 0xEE

ROM_BANK    = 0x2000

	.area _HEADER (ABS)
	.org 0x00
	ret
	.org 0x08
	ret
	.org 0x10
	ret
	.org 0x18
	ret
	.org 0x20            ; call through HL
	jp (hl)
	.org 0x28
	ret
	.org 0x30
	ret
	.org 0x38            ; 0xFF, what empty ROM is filled with, is `rst 0x38`
	jp crash_empty_rom

	.org 0x40
	jp vblank
	.org 0x48
	reti
	.org 0x50
	reti
	.org 0x58
	reti
	.org 0x60
	reti

	.org 0x100
	nop
	jp start

; The order of the linker's segments.
	.area _HOME
	.area _CODE
	.area _INITIALIZER
	.area _GSINIT
	.area _GSFINAL
	.area _DATA
	.area _INITIALIZED
	.area _BSEG
	.area _BSS
	.area _HEAP

	.area _CODE
start:
	di
	ld sp,#STACK_TOP
	xor a
	ldh (0x0F),a
	ldh (0xFF),a
	ld hl,#0xC000         ; work RAM holds garbage at power-on
	ld bc,#0x1FF0
1$:	xor a
	ld (hl+),a
	dec bc
	ld a,b
	or c
	jr nz,1$
	ld hl,#h_dma
	ld c,#0x7F
	xor a
2$:	ld (hl+),a
	dec c
	jr nz,2$
	ld a,#STACK_MARK
	ld (STACK_END),a
	ld hl,#dma_source
	ld c,#0x80
	ld b,#(dma_end - dma_source)
3$:	ld a,(hl+)
	ldh (c),a
	inc c
	dec b
	jr nz,3$
	ld bc,#l__INITIALIZER
	ld hl,#s__INITIALIZER
	ld de,#s__INITIALIZED
4$:	ld a,b
	or c
	jr z,5$
	ld a,(hl+)
	ld (de),a
	inc de
	dec bc
	jr 4$
5$:	ld a,#1
	ldh (h_bank),a
	ld (ROM_BANK),a
	call gsinit
	call _main
	jr park

crash_empty_rom:
	ld a,#CRASH_EMPTY_ROM
	jr crash
crash_stack:
	ld a,#CRASH_STACK
crash:
	di
	ld sp,#STACK_TOP
	ld (CRASH),a
; Nothing runs any more; the harness sees why in CRASH.
_park::
park:
	di
1$:	halt
	nop
	jr 1$

; While the DMA copies, the CPU may only run from high RAM.
dma_source:
	ldh (0x46),a
	ld a,#40
1$:	dec a
	jr nz,1$
	ret
dma_end:

vblank:
	push af
	push bc
	push de
	push hl
	ld a,#OAM_PAGE
	call h_dma
	ldh a,(h_scroll_x)
	ldh (0x43),a
	ldh a,(h_scroll_y)
	ldh (0x42),a
	ldh a,(h_window_y)
	ldh (0x4A),a
	ldh a,(h_palette)
	ldh (0x47),a
	ldh a,(h_lcdc)
	ldh (0x40),a
	ldh a,(h_queue)
	or a
	call nz,drain_queue
	ldh a,(0x44)
	ld (ISR_LINE),a
	call read_keys
	call count_frame
	ld a,(STACK_END)
	cp #STACK_MARK
	jr nz,crash_stack
	pop hl
	pop de
	pop bc
	pop af
	reti

; VRAM queue: records of kind, destination16, data; kind 0 ends.
;   1..0x3F   that many bytes to the right
;   0x40      one row of the interface, 20 bytes from source16
;   0x80 | n  n bytes downwards
drain_queue:
	ld de,#VRAM_QUEUE
next_record:
	ld a,(de)
	inc de
	or a
	jr z,queue_done
	ld c,a
	ld a,(de)
	inc de
	ld l,a
	ld a,(de)
	inc de
	ld h,a
	bit 7,c
	jr nz,copy_down
	bit 6,c
	jr nz,copy_interface
1$:	ld a,(de)
	inc de
	ld (hl+),a
	dec c
	jr nz,1$
	jr next_record
copy_down:
	res 7,c
	push bc
	ld b,c
1$:	ld a,(de)
	inc de
	ld (hl),a
	ld a,l
	add a,#32
	ld l,a
	jr nc,2$
	inc h
2$:	dec b
	jr nz,1$
	pop bc
	jr next_record
; Unrolled, so that several rows fit into one VBlank.
copy_interface:
	ld a,(de)
	inc de
	ld c,a
	ld a,(de)
	inc de
	ld b,a
	push de
	ld d,h
	ld e,l
	ld h,b
	ld l,c
	.rept 20
	ld a,(hl+)
	ld (de),a
	inc e
	.endm
	pop de
	jr next_record
queue_done:
	xor a
	ldh (h_queue),a
	ret

; h_keys: what is held; h_pressed: what went down since the game last looked.
read_keys:
	ld a,#0x20
	ldh (0x00),a
	ldh a,(0x00)
	ldh a,(0x00)
	cpl
	and #0x0F
	swap a
	ld b,a
	ld a,#0x10
	ldh (0x00),a
	ldh a,(0x00)
	ldh a,(0x00)
	ldh a,(0x00)
	cpl
	and #0x0F
	or b
	ld b,a
	ld a,#0x30
	ldh (0x00),a
	ldh a,(h_keys)
	cpl
	and b
	ld c,a
	ldh a,(h_pressed)
	or c
	ldh (h_pressed),a
	ld a,b
	ldh (h_keys),a
	ret

count_frame:
	ld hl,#FRAME
	inc (hl)
	jr nz,1$
	inc hl
	inc (hl)
	jr nz,1$
	inc hl
	inc (hl)
	jr nz,1$
	inc hl
	inc (hl)
1$:	ldh a,(h_vblank)
	or a
	jr z,2$
	ld hl,#LAG_FRAMES     ; the main loop did not finish in time
	inc (hl)
	jr nz,2$
	inc hl
	inc (hl)
2$:	ld a,#1
	ldh (h_vblank),a
	ret

; void wait_frame(void)
; Halts with interrupts off and serves the interrupt after waking: nothing can slip in between the
; look at h_vblank and the halt, and `ei` next to `halt` makes PyBoy lose a frame now and then.
_wait_frame::
	ldh a,(0x44)
	ld (MAIN_LINE),a
1$:	di
	ldh a,(h_vblank)
	or a
	jr nz,2$
	halt
	nop
	ei
	nop                   ; the interrupt is served here
	jr 1$
2$:	xor a
	ldh (h_vblank),a
	ei
	ret

; void far_copy_bytes(u8 *to (DE), u16 from (BC)); bank and length in high RAM
_far_copy_bytes::
	ldh a,(h_bank)
	push af
	ldh a,(h_copy_bank)
	ldh (h_bank),a
	ld (ROM_BANK),a
	ld l,c
	ld h,b
	ldh a,(h_copy_low)
	ld c,a
	ldh a,(h_copy_high)
	ld b,a
	or c
	jr z,2$
	ld a,c
	or a
	jr z,1$
	inc b                 ; B counts started blocks of 256
1$:	ld a,(hl+)
	ld (de),a
	inc de
	dec c
	jr nz,1$
	dec b
	jr nz,1$
2$:	pop af
	ldh (h_bank),a
	ld (ROM_BANK),a
	ret

; What SDCC calls for a __banked function: E = bank, HL = function; an 8-bit result comes back in A.
___sdcc_bcall_ehl::
	ldh a,(h_bank)
	push af
	ld a,e
	ldh (h_bank),a
	ld (ROM_BANK),a
	rst 0x20
	pop hl                ; H = the caller's bank
	ld l,a
	ld a,h
	ldh (h_bank),a
	ld (ROM_BANK),a
	ld a,l
	ret

	.area _GSINIT
gsinit::
	.area _GSFINAL
	ret
